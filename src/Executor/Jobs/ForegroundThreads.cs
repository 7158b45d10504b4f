using System.Text;

namespace Actors.Executor.Jobs;

/// <summary>
/// Limits the time that the process waits for foreground threads of jobs at its end. .NET waits for them without a limit, and such a thread
/// would delay the replacement of the worker for as long as it runs.
/// </summary>
internal static class ForegroundThreads
{
    private const string Warning =
        "Worker: a foreground thread that a job has started still runs after the last job. The process ends without it. "
        + "Set Thread.IsBackground to true, or end the thread before the job returns.\n";

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// Starts the grace time. The process ends after it at the latest, with this exit code and after its exit handlers. Call it when the
    /// process has nothing else to do.
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
        // A job may have replaced Console.Error.
        using (var error = Console.OpenStandardError())
            error.Write(Encoding.UTF8.GetBytes(Warning));
        Environment.Exit(exitCode);
    }
}
