using System.Diagnostics;
using System.Globalization;

namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>The recorded calls of several clients. Each client writes a file, which remains after the client is killed.</summary>
internal static class History
{
    /// <summary>Reads the calls of all clients, ordered by the time of the call.</summary>
    public static IReadOnlyList<Operation> Read(IEnumerable<ClientRun> runs) =>
        [.. runs.SelectMany(Read).OrderBy(operation => operation.Invoked)];

    private static IEnumerable<Operation> Read(ClientRun run)
    {
        Operation[] calls = [.. Lines(run.Path).Chunk(2).Select(lines => ReadCall(run.Client, lines))];
        // The client dies during or after its last recorded call. The objects that it holds are released then.
        return run.IsKilled ? [.. calls, Operation.DeathOf(run.Client, calls[^1].Invoked)] : calls;
    }

    private static Operation ReadCall(int client, string[] lines)
    {
        var begun = lines[0].Split('\t');
        var ended = lines.ElementAtOrDefault(1)?.Split('\t');
        return new Operation(client, begun[0], begun[1], ended?[0], Moment(begun[2]), ended is null ? long.MaxValue : Moment(ended[1]));
    }

    private static long Moment(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // A line without a line feed is incomplete and does not count.
    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Records the calls of one client with two lines per call, one before and one after it.</summary>
    internal sealed class Recorder(string path) : IDisposable
    {
        private readonly StreamWriter _writer = new(
            new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read))
        { AutoFlush = true };

        public string Record(string name, object argument, Func<object> call)
        {
            _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{name}\t{argument}\t{Stopwatch.GetTimestamp()}\n"));
            var result = call();
            _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{result}\t{Stopwatch.GetTimestamp()}\n"));
            return Convert.ToString(result, CultureInfo.InvariantCulture)!;
        }

        public void Dispose() => _writer.Dispose();
    }
}
