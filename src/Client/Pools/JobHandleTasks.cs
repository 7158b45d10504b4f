using System.Runtime.CompilerServices;

namespace Actors;

/// <summary>
/// Lets <c>Task.WhenAll</c>, <c>Task.WhenAny</c> and <c>Task.WhenEach</c> take the handles of jobs as they take tasks. Needs C# 14;
/// otherwise pass
/// <see cref="JobHandle{T}.Task"/>.
/// </summary>
public static class JobHandleTasks
{
    /// <summary>Makes <c>await handle</c> work where the type of the result is not known.</summary>
    /// <param name="job">The handle.</param>
    public static TaskAwaiter GetAwaiter(this JobHandle job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Completion.GetAwaiter();
    }

#pragma warning disable RS0016 // The analyzer of the public surface knows no extension members.
    extension(Task)
    {
        /// <summary>
        /// Ends when all jobs have ended, with their results in the order of the handles; or with what the first of them threw that
        /// failed.
        /// </summary>
        /// <typeparam name="T">What their functions return.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<T[]> WhenAll<T>(IEnumerable<JobHandle<T>> jobs) => Task.WhenAll(jobs.Select(job => job.Task));

        /// <summary>
        /// Ends when all jobs have ended, with their results in the order of the handles; or with what the first of them threw that
        /// failed.
        /// </summary>
        /// <typeparam name="T">What their functions return.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<T[]> WhenAll<T>(params JobHandle<T>[] jobs) => Task.WhenAll(jobs.Select(job => job.Task));

        /// <summary>Ends when all jobs have ended; or with what the first of them threw that failed.</summary>
        /// <param name="jobs">The handles.</param>
        public static Task WhenAll(IEnumerable<JobHandle> jobs) => Task.WhenAll(jobs.Select(job => job.Completion));

        /// <summary>Ends when all jobs have ended; or with what the first of them threw that failed.</summary>
        /// <param name="jobs">The handles.</param>
        public static Task WhenAll(params JobHandle[] jobs) => Task.WhenAll(jobs.Select(job => job.Completion));

        /// <summary>Ends when one of the jobs has ended, with the task of that one.</summary>
        /// <typeparam name="T">What their functions return.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<Task<T>> WhenAny<T>(IEnumerable<JobHandle<T>> jobs) => Task.WhenAny(jobs.Select(job => job.Task));

        /// <summary>Ends when one of the jobs has ended, with the task of that one.</summary>
        /// <typeparam name="T">What their functions return.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static Task<Task<T>> WhenAny<T>(params JobHandle<T>[] jobs) => Task.WhenAny(jobs.Select(job => job.Task));

        /// <summary>Ends when one of the jobs has ended, with the task of that one.</summary>
        /// <param name="jobs">The handles.</param>
        public static Task<Task> WhenAny(IEnumerable<JobHandle> jobs) => Task.WhenAny(jobs.Select(job => job.Completion));

        /// <summary>The tasks of the jobs in the order of their ends.</summary>
        /// <typeparam name="T">What their functions return.</typeparam>
        /// <param name="jobs">The handles.</param>
        public static IAsyncEnumerable<Task<T>> WhenEach<T>(IEnumerable<JobHandle<T>> jobs) => Task.WhenEach(jobs.Select(job => job.Task));
    }
#pragma warning restore RS0016
}
