// Every test has processes of its own; two at a time would only disturb each other's times.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
