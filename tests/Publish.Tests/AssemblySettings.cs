// The programs of all tests build the same projects of the library, each in its own process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
