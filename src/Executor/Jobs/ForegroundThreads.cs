using System.Text;

namespace Actors.Executor.Jobs;

/// <summary>
/// Foreground threads that jobs have left behind. .NET waits for them at the end of a process; without a limit one of them keeps the
/// worker, and its replacement
/// waiting, for as long as it runs.
/// </summary>
internal static class ForegroundThreads
{
    private const string Warning =
        "Worker: a foreground thread that a job has started still runs after the last job. The process ends without it. "
        + "Set Thread.IsBackground to true, or end the thread before the job returns.\n";

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// Call it when nothing else is left to do: the process ends after a grace time at the latest, with this exit code. Its exit handlers
    /// run.
    /// </summary>
    public static void LimitWait(int exitCode)
    {
        var ends = new ManualResetEventSlim();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ends.Set();
        var watch = new Thread(() => EndUnless(ends, exitCode)) { IsBackground = true, Name = nameof(ForegroundThreads) };
        watch.Start();
    }

    private static void EndUnless(ManualResetEventSlim ends, int exitCode)
    {
        if (ends.Wait(Grace))
            return;
        // Not Console.Error, which a job may have replaced.
        using (var error = Console.OpenStandardError())
            error.Write(Encoding.UTF8.GetBytes(Warning));
        Environment.Exit(exitCode);
    }
}
