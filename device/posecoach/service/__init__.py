"""What keeps a box going by itself: parts in processes of their own, ladders of remedies, the doctor."""
