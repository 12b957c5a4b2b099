/* A stand-in for libedgetpu.so.1: the external delegate plug-in of TensorFlow Lite, without a device.
 *
 * It claims "edgetpu-custom-op" as the real one does, one node at a time, and answers with a pattern
 * that tells which output it is and what the picture was. The structs are those of the runtime in use
 * (tflite/core/c/common.h), as far as they are touched here; TfLiteRegistration goes by value, which is
 * where a library built for another runtime goes wrong.
 *
 * STANDIN in the environment says how it behaves:
 *   (nothing)        pattern: byte i of output p is 50 p + i % 40 + the picture's middle byte
 *   bright           a PoseNet that sees a person wherever the picture is bright
 *   no-device        makes no delegate, and says nothing, as libedgetpu without a stick
 *   segfault         dies while it makes the delegate
 *   segfault-prepare dies when it is given the model
 *   segfault-invoke  dies in the first inference
 *   fail-invoke      reports an error from the third inference on
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { Ok = 0, Error = 1 } Status;
typedef struct { int size; int data[]; } IntArray;
typedef struct Context Context;
typedef struct Delegate Delegate;

typedef struct {
  int type;
  void *data;
  IntArray *dims;
  struct { float scale; int32_t zero_point; } params;
  int allocation_type;
  size_t bytes;
  const void *allocation;
  const char *name;
  Delegate *delegate;
  int buffer_handle;
  bool data_is_stale;
  bool is_variable;
  struct { int type; void *params; } quantization;
  void *sparsity;
  const IntArray *dims_signature;
} Tensor;

typedef struct {
  IntArray *inputs, *outputs, *intermediates, *temporaries;
  void *user_data, *builtin_data;
  const void *custom_initial_data;
  int custom_initial_data_size;
  Delegate *delegate;
  bool might_have_side_effect;
} Node;

typedef struct {
  void *(*init)(Context *, const char *, size_t);
  void (*free)(Context *, void *);
  Status (*prepare)(Context *, Node *);
  Status (*invoke)(Context *, Node *);
  const char *(*profiling_string)(const Context *, const Node *);
  int32_t builtin_code;
  const char *custom_name;
  int version;
#ifndef OLD_REGISTRATION /* as it ended in TensorFlow 2.5, which Google's own libedgetpu was built for */
  void *registration_external;
  void *(*async_kernel)(Context *, Node *);
  uint64_t inplace_operator;
#endif
} Registration;

struct Context {
  size_t tensors_size;
  Status (*get_execution_plan)(Context *, IntArray **);
  Tensor *tensors;
  void *impl;
  Status (*resize_tensor)(Context *, Tensor *, IntArray *);
  void (*report_error)(Context *, const char *, ...);
  Status (*add_tensors)(Context *, int, int *);
  Status (*get_node)(Context *, int, Node **, Registration **);
  Status (*replace)(Context *, Registration, const IntArray *, Delegate *);
};

struct Delegate {
  void *data;
  Status (*prepare)(Context *, Delegate *);
  Status (*copy_from_buffer_handle)(Context *, Delegate *, int, Tensor *);
  Status (*copy_to_buffer_handle)(Context *, Delegate *, int, Tensor *);
  void (*free_buffer_handle)(Context *, Delegate *, int *);
  int64_t flags;
  void *opaque_delegate_builder;
};

static char heard[1024];
static int claimed, invoked;

static bool is(const char *behaviour) {
  const char *wanted = getenv("STANDIN");
  return wanted != NULL && strcmp(wanted, behaviour) == 0;
}

static void die_if(const char *behaviour) {
  if (is(behaviour)) *(volatile int *)8 = 0;
}

/* Stored value that means the real one, kept to what a byte can hold. */
static uint8_t stored(const Tensor *tensor, float real) {
  float value = real / tensor->params.scale + tensor->params.zero_point;
  return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)(value + 0.5f);
}

/* Heatmaps follow the picture from -4 (black) to 4 (white), every offset is 0. */
static void see(const Tensor *picture, Tensor *head) {
  int rows = head->dims->data[1], columns = head->dims->data[2], channels = head->dims->data[3];
  int stride = (picture->dims->data[1] - 1) / (rows - 1), width = picture->dims->data[2];
  uint8_t *out = head->data;
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < columns; column++)
      for (int channel = 0; channel < channels; channel++) {
        const uint8_t *rgb = (uint8_t *)picture->data + 3 * (row * stride * width + column * stride);
        float logit = (rgb[0] + rgb[1] + rgb[2]) * (8.0f / 765.0f) - 4.0f;
        *out++ = stored(head, channels == 17 ? logit : 0.0f);
      }
}

static Status invoke(Context *context, Node *node) {
  die_if("segfault-invoke");
  if (++invoked > 2 && is("fail-invoke")) {
    context->report_error(context, "transfer on tag 2 failed");
    return Error;
  }
  const Tensor *picture = &context->tensors[node->inputs->data[0]];
  uint8_t middle = ((uint8_t *)picture->data)[picture->bytes / 2];
  for (int place = 0; place < node->outputs->size; place++) {
    Tensor *output = &context->tensors[node->outputs->data[place]];
    if (is("bright")) {
      see(picture, output);
      continue;
    }
    for (size_t i = 0; i < output->bytes; i++)
      ((uint8_t *)output->data)[i] = (uint8_t)(50 * place + i % 40 + middle);
  }
  return Ok;
}

static Status prepare_node(Context *context, Node *node) { return Ok; }

static Status prepare(Context *context, Delegate *delegate) {
  die_if("segfault-prepare");
  IntArray *plan;
  if (context->get_execution_plan(context, &plan) != Ok) return Error;
  int count = plan->size, nodes[count]; /* replacing a node makes a new plan */
  memcpy(nodes, plan->data, sizeof nodes);
  for (int place = 0; place < count; place++) {
    Node *node;
    Registration *found;
    if (context->get_node(context, nodes[place], &node, &found) != Ok) return Error;
    if (found->custom_name == NULL || strcmp(found->custom_name, "edgetpu-custom-op") != 0) continue;
    Registration kernel = {.prepare = prepare_node, .invoke = invoke, .custom_name = "StandIn", .version = 1};
    struct { int size, only; } one = {1, nodes[place]};
    if (context->replace(context, kernel, (IntArray *)&one, delegate) != Ok) return Error;
    claimed++;
  }
  return Ok;
}

Delegate *tflite_plugin_create_delegate(char **keys, char **values, size_t count,
                                        void (*report)(const char *)) {
  die_if("segfault");
  heard[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    size_t used = strlen(heard);
    snprintf(heard + used, sizeof heard - used, "%s=%s;", keys[i], values[i]);
  }
  claimed = invoked = 0;
  if (is("no-device")) return NULL;
  Delegate *delegate = calloc(1, sizeof *delegate);
  delegate->prepare = prepare;
  delegate->flags = 1; /* dynamic tensors allowed, as libedgetpu says */
  return delegate;
}

void tflite_plugin_destroy_delegate(Delegate *delegate) { free(delegate); }

const char *edgetpu_version(void) { return "BuildLabel(stand-in), RuntimeVersion(14)"; }

/* For the tests: what the last delegate was given, how many nodes it claimed, how often it ran. */
const char *standin_options(void) { return heard; }
int standin_claimed(void) { return claimed; }
int standin_invoked(void) { return invoked; }
