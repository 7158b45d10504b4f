namespace Actors.Analyzers;

/// <summary>
/// The types whose members pass functions to a worker. Each of their parameters and settable properties that is a delegate is such a
/// function. Delegates of all other types of this library run in the program that passes them.
/// </summary>
internal static class JobTypes
{
    /// <summary>The forms of the functions, by the type's name.</summary>
    internal static readonly Dictionary<string, JobForm> Forms = new()
    {
        ["Actors.ProcessPool"] = JobForm.Call,
        ["Actors.PoolInitializer"] = JobForm.Call,
        ["Actors.StateFactory"] = JobForm.Factory,
        ["Actors.PoolOptions"] = JobForm.OnInstance,
        ["Actors.WorkerProcess"] = JobForm.Call,
        ["Actors.Manager"] = JobForm.Factory,
        ["Actors.ManagedInstance`1"] = JobForm.OnInstance,
        ["Actors.ServiceJobs`1"] = JobForm.OnInstance,
    };
}

/// <summary>The parts of a function that travel.</summary>
internal enum JobForm
{
    /// <summary>All arguments and the result.</summary>
    Call,

    /// <summary>The arguments. The result is an object that stays in its process.</summary>
    Factory,

    /// <summary>The result, and all arguments but the first, which is the object in the process.</summary>
    OnInstance,
}
