"""What stands between picamera2 and libcamera's "virtual" pipeline, which has no image processor behind it.

That gives NV12 in two planes and nothing else, as fast as it can. Here its buffers are laid out so, it is
given a sensor's pace, and its pictures are turned into what was asked for. The rest is picamera2's and
libcamera's own: finding the camera, requests, time stamps, waiting, starting, stopping. Loaded at the end
of ``import picamera2``, in the machine of ``make vm-test`` only.
"""

import ctypes
import mmap
import queue
import threading
import time

import libcamera
import numpy as np
from picamera2 import Picamera2
from picamera2.allocators.dmaallocator import DmaAllocator
from picamera2.request import CompletedRequest
from PIL import Image

RATE_HZ = 4.0
_M_PERTURB = -6  # of glibc's malloc.h; memory is set to the complement


class TwoPlanes(DmaAllocator):
    """picamera2's buffers, described as brightness and colour."""

    def allocate(self, libcamera_config, use_case):
        super().allocate(libcamera_config, use_case)
        for stream in libcamera_config:
            described = []
            for whole in self.frame_buffers[stream.stream]:
                number, y_bytes = whole.planes[0].fd, stream.stride * stream.size.height
                planes = [libcamera.FrameBuffer.Plane(), libcamera.FrameBuffer.Plane()]
                for plane, (start, end) in zip(
                    planes, ((0, y_bytes), (y_bytes, stream.frame_size)), strict=True
                ):
                    plane.fd, plane.offset, plane.length = number, start, end - start
                buffer = libcamera.FrameBuffer(planes)
                number = buffer.planes[0].fd  # libcamera has made a copy
                self.mapped_buffers.pop(whole).close()
                self.mapped_buffers[buffer] = mmap.mmap(number, stream.frame_size)
                self.mapped_buffers_used[number] = False
                self.libcamera_fds.append(number)
                described.append(buffer)
            self.frame_buffers[stream.stream] = described


def _video_modes(camera):
    formats = camera.camera.generate_configuration([libcamera.StreamRole.VideoRecording]).at(0).formats
    return [
        {"format": str(each), "size": (size.width, size.height)}
        for each in formats.pixel_formats
        for size in formats.sizes(each)
    ]


def _configure(camera, camera_config):
    """What was asked for is what is given: the formats are made here."""
    asked = {name: camera_config[name]["format"] for name in ("main", "lores")}
    _given_configure(camera, camera_config)
    for name, format_ in asked.items():
        camera.camera_config[name]["format"] = format_


def _planes(request, name):
    """Brightness, and both differences of colour, of half its width and height."""
    (width, height), stride = request.config[name]["size"], request.config[name]["stride"]
    nv12 = _buffer(request, name)[: stride * height * 3 // 2].reshape(-1, stride)[:, :width]
    return nv12[:height], nv12[height:, 0::2], nv12[height:, 1::2]


def _as_yuv420(request, name):
    return np.concatenate([plane.ravel() for plane in _planes(request, name)])


def _as_rgb(request, name):
    planes = [Image.fromarray(np.ascontiguousarray(plane)) for plane in _planes(request, name)]
    # Pillow's YCbCr is that of JPEG, with the full range of values, as the pictures are.
    return np.asarray(Image.merge("YCbCr", [plane.resize(planes[0].size) for plane in planes]).convert("RGB"))


def _at_sensor_rate():
    """Give used buffers back to the camera, which fills each at once: a sensor takes its time for that."""
    while True:
        request = _used.get()
        time.sleep(1.0 / RATE_HZ)
        _given_release(request)


def _release(request):
    if request.ref_count > 1:
        _given_release(request)
    else:
        _used.put(request)


_used = queue.SimpleQueue()
_given_release = CompletedRequest.release
_buffer = CompletedRequest.make_buffer
_given_init = Picamera2.__init__
_given_configure = Picamera2.configure_


def _init(camera, *arguments, **named):
    _given_init(camera, *arguments, **named)
    camera.allocator = TwoPlanes()


# The pipeline says of no buffer whether it is whole (libcamera 0.4.0): what happens to be in that memory
# does, and where it says no, picamera2 throws all pictures of that buffer away. Zeroed memory says yes.
ctypes.CDLL(None).mallopt(_M_PERTURB, 255)
Picamera2.__init__ = _init
Picamera2.configure_ = _configure
Picamera2._get_raw_modes = _video_modes
CompletedRequest.release = _release
CompletedRequest.make_array = _as_rgb
CompletedRequest.make_buffer = _as_yuv420
threading.Thread(target=_at_sensor_rate, daemon=True).start()
