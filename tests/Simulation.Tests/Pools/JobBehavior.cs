using Actors.Messages;
using Actors.Messages.Jobs;

namespace Actors.Simulation.Tests.Pools;

/// <summary>The behavior of the function of a job, decided by its submission.</summary>
/// <param name="Duration">The run time.</param>
/// <param name="Hangs">Whether it never returns. Such a job has a timeout, or is canceled.</param>
/// <param name="Throws">Whether it throws.</param>
/// <param name="IgnoresCancellation">Whether it continues after its cancellation.</param>
internal sealed record JobBehavior(TimeSpan Duration, bool Hangs, bool Throws, bool IgnoresCancellation)
{
    /// <summary>Arguments that travel before their job.</summary>
    private static readonly byte[] LargeArguments = new byte[WireLimits.LargestInMessage + 1];

    public static FunctionRef Function { get; } = new("f", new byte[] { 1 });

    public static JobBehavior FromArgument(int argument) => new(
        TimeSpan.FromMilliseconds((argument % 8) switch { 0 => 1500 + argument % 700, 1 or 2 => argument % 200, _ => argument % 7 }),
        Hangs: argument % 23 == 0,
        Throws: argument % 11 == 0,
        IgnoresCancellation: argument % 5 == 0);

    /// <summary>Whether the upload of the arguments fails.</summary>
    public static bool FailsUpload(JobId job) => job.Value % 5 == 0;

    public static SubmittedJob CreateJob(int argument, bool canUpload)
    {
        var behavior = FromArgument(argument);
        // Half of the hanging jobs are canceled instead.
        var timeout = behavior.Hangs ? argument % 2 * 300 : argument % 13 == 0 ? 100 : 0;
        return new SubmittedJob(
            Function, canUpload && argument % 7 == 0 ? LargeArguments : [],
            new JobPolicy(timeout, 1 + argument / 3 % 3, argument % 4), behavior);
    }

    /// <summary>The only correct result of a job.</summary>
    public static string ResultOf(long job) => $"{job * 31 % 1009}";
}
