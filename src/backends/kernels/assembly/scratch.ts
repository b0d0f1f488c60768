/** Address of a mebibyte that belongs to this thread alone; what is there does not outlive a chunk. Set once by whoever starts the thread. */
export let scratch: usize = 0;
