using System.Diagnostics;
using System.Text;

namespace Actors.Faults.Tests.Loads;

/// <summary>
/// Records the calls of one run of a function in a file of its own. Each step is written at once, so it outlives the process. Used by one
/// thread at a time.
/// </summary>
internal sealed class HistoryFile : IDisposable
{
    private const string Ending = ".history";

    private readonly FileStream _file;
    private long _number;

    /// <param name="directory">The directory of the files.</param>
    public HistoryFile(string directory)
    {
        Run = Random.Shared.NextInt64(1L << 62);
        _file = new FileStream(Path.Combine(directory, Run + Ending), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Gets the id of the run.</summary>
    public long Run { get; }

    /// <summary>Returns a number for a call.</summary>
    public long NextNumber() => ++_number;

    /// <summary>Records a step now.</summary>
    public void Record(HistoryStep step, string target, params long?[] values) => _file.Write(
        Encoding.UTF8.GetBytes(new HistoryEvent(Stopwatch.GetTimestamp(), Run, step, target, values).ToLine() + "\n"));

    /// <summary>Reads the steps of all runs in the order of time.</summary>
    public static IReadOnlyList<HistoryEvent> ReadAll(string directory) =>
    [
        .. Directory.GetFiles(directory, "*" + Ending).SelectMany(File.ReadLines).Select(HistoryEvent.TryParse).OfType<HistoryEvent>()
            .OrderBy(step => step.At),
    ];

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
