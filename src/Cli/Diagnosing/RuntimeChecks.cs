using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Actors.WorkerNode.Executors;

namespace Actors.Cli.Diagnosing;

/// <summary>The checks of the runtime, the limits of a process, and the start of a worker.</summary>
internal static class RuntimeChecks
{
    private const string WorkerName = "worker";

    /// <summary>The descriptors that a program with a pool has besides those of its workers: assemblies, sockets and logs.</summary>
    private const int DescriptorsOfProgram = 256;

    /// <summary>The descriptors of a program for each worker: its socket, output, errors, process and files, with a reserve.</summary>
    private const int DescriptorsOfWorker = 16;

    private const string LimitsFile = "/proc/self/limits";

    private static readonly TimeSpan WorkerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Checks the program that starts workers.</summary>
    public static Finding CheckRuntime()
    {
        var program = DotNetHost.Path;
        return DotNetHost.Root is not null
            ? new Finding("runtime", FindingLevel.Passed, $"{RuntimeInformation.FrameworkDescription}, {program}")
            : new Finding("runtime", FindingLevel.Problem, $"Workers need the program {program}, and PATH has no directory with it. "
                + "Install the .NET runtime, or add its directory to PATH.");
    }

    /// <summary>Checks the number of files that a program may open.</summary>
    /// <param name="workers">The number of workers.</param>
    public static Finding CheckDescriptors(int workers) =>
        CompareDescriptors(File.Exists(LimitsFile) ? File.ReadAllText(LimitsFile) : "", workers);

    /// <summary>Compares the limit of open files with the need of a pool.</summary>
    /// <param name="limits">The text of <c>/proc/self/limits</c>; empty on other systems than Linux.</param>
    /// <param name="workers">The number of workers.</param>
    public static Finding CompareDescriptors(string limits, int workers)
    {
        var needed = DescriptorsOfProgram + (DescriptorsOfWorker * workers);
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // .NET raises the soft limit to the hard one, which is the fifth field.
        if (fields is null || !long.TryParse(fields[4], CultureInfo.InvariantCulture, out var limit))
            return new Finding("descriptors", FindingLevel.Passed, "no limit is known");
        return limit >= needed
            ? new Finding("descriptors", FindingLevel.Passed, $"{limit} at most, about {needed} needed for {workers} workers")
            : new Finding("descriptors", FindingLevel.Problem, $"A program may open {limit} files, and {workers} workers need about "
                + $"{needed}. Raise the limit (ulimit -Hn {needed}, docker run --ulimit nofile={needed}), or run fewer workers.");
    }

    /// <summary>Starts a worker and stops it.</summary>
    public static async Task<Finding> CheckWorkerAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var pool = await ProcessPool.StartAsync(1, cancellationToken: cancellationToken).ConfigureAwait(false);
            await using var ending = pool.ConfigureAwait(false);
            pool.Close();
            // A join waits for the start of each worker.
            await pool.JoinAsync(cancellationToken).WaitAsync(WorkerTimeout, cancellationToken).ConfigureAwait(false);
            return new Finding(
                WorkerName, FindingLevel.Passed, $"started and ended in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        }
        catch (TimeoutException)
        {
            return new Finding(WorkerName, FindingLevel.Problem, $"No worker started within {WorkerTimeout.TotalSeconds:0} s. Check the "
                + "load of the machine and the limits of its processes (ulimit -u, docker run --pids-limit).");
        }
        catch (Exception exception) when (exception is InvalidOperationException or PoolFailedException or StorageException)
        {
            return new Finding(WorkerName, FindingLevel.Problem, exception.Message);
        }
    }
}
