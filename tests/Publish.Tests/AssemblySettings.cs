// All tests build the same projects of the library in separate processes, so they must not run in parallel.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
