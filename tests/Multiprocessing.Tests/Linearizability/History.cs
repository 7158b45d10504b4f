using System.Diagnostics;
using System.Globalization;

namespace Actors.Multiprocessing.Tests.Linearizability;

/// <summary>What several clients did and saw, each written down in a file of its own, which outlives a client that is killed.</summary>
internal static class History
{
    /// <summary>The histories of all clients, in the order of their calls.</summary>
    public static IReadOnlyList<Operation> Read(IEnumerable<string> paths) =>
        [.. paths.SelectMany(Read).OrderBy(operation => operation.Invoked)];

    private static IEnumerable<Operation> Read(string path)
    {
        var lines = Lines(path);
        for (var i = 0; i < lines.Length; i += 2)
        {
            var begun = lines[i].Split('\t');
            var ended = i + 1 < lines.Length ? lines[i + 1].Split('\t') : null;
            var invoked = long.Parse(begun[3], CultureInfo.InvariantCulture);
            var client = int.Parse(begun[0], CultureInfo.InvariantCulture);
            yield return new Operation(
                client, begun[1], begun[2], ended?[0], invoked, ended is null ? long.MaxValue : long.Parse(ended[1], CultureInfo.InvariantCulture));
            if (ended is null)
                yield return Operation.DeathOf(client, invoked);
        }
    }

    // A line that was not ended was not written.
    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Writes down what one client does. Two lines a call: before it and after it.</summary>
    internal sealed class Recorder(string path, int client) : IDisposable
    {
        private readonly StreamWriter _writer = new(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { AutoFlush = true };

        public string Record(string name, object argument, Func<object> call)
        {
            _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{client}\t{name}\t{argument}\t{Stopwatch.GetTimestamp()}\n"));
            var result = call();
            _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{result}\t{Stopwatch.GetTimestamp()}\n"));
            return Convert.ToString(result, CultureInfo.InvariantCulture)!;
        }

        public void Dispose() => _writer.Dispose();
    }
}
