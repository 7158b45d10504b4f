using System.Runtime.CompilerServices;

namespace Actors;

/// <summary>
/// Extends <c>Task.WhenAll</c>, <c>Task.WhenAny</c> and <c>Task.WhenEach</c> to accept job handles. Requires C# 14; in other languages pass
/// <see cref="JobHandle{T}.Task"/>.
/// </summary>
public static class JobHandleTasks
{
    /// <summary>Supports <c>await handle</c> for handles of an unknown result type.</summary>
    /// <param name="job">The handle.</param>
    public static TaskAwaiter GetAwaiter(this JobHandle job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Completion.GetAwaiter();
    }

#pragma warning disable RS0016 // The analyzer of the public API does not support extension members.
    extension(Task)
    {
        /// <summary>
        /// Returns a task that completes when all jobs have ended: with their results in the order of the handles, or with the exception of
        /// the first failed one.
        /// </summary>
        /// <typeparam name="T">The result type of the functions.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<T[]> WhenAll<T>(IEnumerable<JobHandle<T>> jobs) => ReceiveAllAsync([.. jobs]);

        /// <summary>
        /// Returns a task that completes when all jobs have ended: with their results in the order of the handles, or with the exception of
        /// the first failed one.
        /// </summary>
        /// <typeparam name="T">The result type of the functions.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<T[]> WhenAll<T>(params JobHandle<T>[] jobs) => ReceiveAllAsync(jobs);

        /// <summary>Returns a task that completes when all jobs have ended; it fails with the exception of the first failed one.</summary>
        /// <param name="jobs">The handles.</param>
        public static Task WhenAll(IEnumerable<JobHandle> jobs) => ReceiveAllAsync([.. jobs]);

        /// <summary>Returns a task that completes when all jobs have ended; it fails with the exception of the first failed one.</summary>
        /// <param name="jobs">The handles.</param>
        public static Task WhenAll(params JobHandle[] jobs) => ReceiveAllAsync(jobs);

        /// <summary>Returns a task that completes when one of the jobs has ended, with the task of that job.</summary>
        /// <typeparam name="T">The result type of the functions.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<Task<T>> WhenAny<T>(IEnumerable<JobHandle<T>> jobs) => Task.WhenAny(jobs.Select(job => job.Task));

        /// <summary>Returns a task that completes when one of the jobs has ended, with the task of that job.</summary>
        /// <typeparam name="T">The result type of the functions.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<Task<T>> WhenAny<T>(params JobHandle<T>[] jobs) => Task.WhenAny(jobs.Select(job => job.Task));

        /// <summary>Returns a task that completes when one of the jobs has ended, with the task of that job.</summary>
        /// <param name="jobs">The handles.</param>
        public static Task<Task> WhenAny(IEnumerable<JobHandle> jobs) => Task.WhenAny(jobs.Select(job => job.Completion));

        /// <summary>Returns a task that completes when one of the jobs has ended, with the task of that job.</summary>
        /// <param name="jobs">The handles.</param>
        public static Task<Task> WhenAny(params JobHandle[] jobs) => Task.WhenAny(jobs.Select(job => job.Completion));

        /// <summary>Yields the tasks of the jobs in the order in which the jobs end.</summary>
        /// <typeparam name="T">The result type of the functions.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static IAsyncEnumerable<Task<T>> WhenEach<T>(IEnumerable<JobHandle<T>> jobs) => Task.WhenEach(jobs.Select(job => job.Task));

        /// <summary>Yields the tasks of the jobs in the order in which the jobs end.</summary>
        /// <typeparam name="T">The result type of the functions.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static IAsyncEnumerable<Task<T>> WhenEach<T>(params JobHandle<T>[] jobs) => Task.WhenEach(jobs.Select(job => job.Task));

        /// <summary>Yields the tasks of the jobs in the order in which the jobs end.</summary>
        /// <param name="jobs">The handles.</param>
        public static IAsyncEnumerable<Task> WhenEach(IEnumerable<JobHandle> jobs) => Task.WhenEach(jobs.Select(job => job.Completion));

        /// <summary>Yields the tasks of the jobs in the order in which the jobs end.</summary>
        /// <param name="jobs">The handles.</param>
        public static IAsyncEnumerable<Task> WhenEach(params JobHandle[] jobs) => Task.WhenEach(jobs.Select(job => job.Completion));
    }
#pragma warning restore RS0016

    private static Task<T[]> ReceiveAllAsync<T>(JobHandle<T>[] jobs) =>
        IsReceiptTracked(jobs) ? ReceiveTogetherAsync(jobs) : Task.WhenAll(jobs.Select(job => job.Task));

    private static Task ReceiveAllAsync(JobHandle[] jobs) =>
        IsReceiptTracked(jobs) ? ReceiveTogetherAsync(jobs) : Task.WhenAll(jobs.Select(job => job.Completion));

    private static bool IsReceiptTracked(JobHandle[] jobs) => Array.Exists(jobs, job => job.Pending.IsReceiptTracked);

    /// <summary>Awaits all results of a durable pool, which must not remove the first ones while the caller waits for the others.</summary>
    private static async Task<T[]> ReceiveTogetherAsync<T>(JobHandle<T>[] jobs)
    {
        var results = await Task.WhenAll(jobs.Select(job => job.SeenTask)).ConfigureAwait(false);
        foreach (var job in jobs)
            job.Pending.MarkRequested();
        return results;
    }

    private static async Task ReceiveTogetherAsync(JobHandle[] jobs)
    {
        await Task.WhenAll(jobs.Select(job => job.SeenCompletion)).ConfigureAwait(false);
        foreach (var job in jobs)
            job.Pending.MarkRequested();
    }
}
