namespace Actors.Messages.Jobs;

/// <summary>The services of a worker. Disposed at the end of the worker.</summary>
public interface IWorkerServices : IAsyncDisposable
{
    /// <summary>Creates the scope of a job.</summary>
    IJobScope CreateScope();
}

/// <summary>The scope of a job. Disposed at the end of the job.</summary>
public interface IJobScope : IAsyncDisposable
{
    /// <summary>The services of the job.</summary>
    IServiceProvider Services { get; }
}
