using System.Diagnostics;
using Actors;
using Common;

namespace Payload;

/// <summary>A cluster of one node with two workers, and a local pool of two workers to compare with.</summary>
internal sealed class PayloadRun : IAsyncDisposable
{
    private const string PlainName = "", EncryptedName = "TLS: ";

    private readonly bool _isEncrypted;
    private readonly int _rounds;
    private readonly LocalCluster _cluster;
    private readonly ProcessPool _pool;
    private readonly ProcessPool _local;

    private PayloadRun(bool isEncrypted, int rounds, LocalCluster cluster, ProcessPool pool, ProcessPool local) =>
        (_isEncrypted, _rounds, _cluster, _pool, _local) = (isEncrypted, rounds, cluster, pool, local);

    /// <summary>Starts the cluster and both pools. The processes read their certificates from the environment.</summary>
    public static async Task<PayloadRun> StartAsync(bool isEncrypted, int rounds)
    {
        var port = FreePort.Find();
        var cluster = new LocalCluster(port, nodes: 1, processes: 2);
        try
        {
            var pool = await ProcessPool.StartAsync(2, $"127.0.0.1:{port}");
            return new PayloadRun(isEncrypted, rounds, cluster, pool, await ProcessPool.StartAsync(2));
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Measures a large argument and a large result beside small jobs. A stream between two sockets is the base line.</summary>
    public async Task MeasureLargeValuesAsync(int mebibytes, ResultTable table)
    {
        var length = mebibytes << 20;
        var bytes = Values.GetBytes(length);
        var expected = Values.HashBytes(bytes);
        // Not measured: the first of each, and the check of the bytes.
        await RawStream.MeasureAsync(mebibytes, _isEncrypted);
        Check(await _pool.ApplyAsync(Values.HashBytes, bytes), expected);
        Check(Values.HashBytes(await _pool.ApplyAsync(Values.GetBytes, length)), expected);

        var raw = await RepeatAsync(() => RawStream.MeasureAsync(mebibytes, _isEncrypted));
        AddRow("raw stream", mebibytes, new Measured(raw, []), "", table);
        var argument = await MeasureBesideSmallJobsAsync(async () => await _pool.ApplyAsync(Values.CountBytes, bytes));
        AddRow($"argument of {mebibytes} MiB", mebibytes, argument, $"{raw / argument.Time:0.000} of raw", table);
        var result = await MeasureBesideSmallJobsAsync(async () => await _pool.ApplyAsync(Values.GetBytes, length));
        AddRow($"result of {mebibytes} MiB", mebibytes, result, $"{raw / result.Time:0.000} of raw", table);
    }

    /// <summary>Measures jobs that are submitted at once, and compares them with the same jobs in the local pool.</summary>
    public async Task MeasureGroupAsync<TArg, TResult>(
        string name, int jobs, TArg argument, Func<TArg, TResult> function, ResultTable table)
    {
        // Both pools in turn, so that other load on the machine affects both equally.
        var (ofLocal, ofCluster) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round <= 2 * _rounds; round++)
        {
            ofLocal.Add(await TimeAsync(() => RunGroupAsync(_local, jobs, argument, function)));
            ofCluster.Add(await TimeAsync(() => RunGroupAsync(_pool, jobs, argument, function)));
        }

        var (local, cluster) = (Median(ofLocal), Median(ofCluster));
        var besideSmallJobs = await MeasureBesideSmallJobsAsync(() => RunGroupAsync(_pool, jobs, argument, function));
        var length = argument is byte[] bytes ? bytes.Length : Convert.ToInt32(argument, null);
        AddRow(
            name, jobs * (double)length / (1 << 20), besideSmallJobs with { Time = cluster }, $"{local / cluster:0.00} of local", table);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
        await _pool.DisposeAsync();
        _cluster.Dispose();
    }

    private static Task<TResult[]> RunGroupAsync<TArg, TResult>(
        ProcessPool pool, int jobs, TArg argument, Func<TArg, TResult> function) =>
        Task.WhenAll(Enumerable.Range(0, jobs).Select(async _ => await pool.ApplyAsync(function, argument)));

    /// <summary>Runs an action several times, and small jobs one after the other meanwhile.</summary>
    private async Task<Measured> MeasureBesideSmallJobsAsync(Func<Task> large)
    {
        var (times, small) = (new List<TimeSpan>(), new List<double>());
        for (var round = 0; round < _rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var running = large();
            while (!running.IsCompleted)
            {
                var began = watch.Elapsed;
                await _pool.ApplyAsync(Values.Square, 3);
                small.Add((watch.Elapsed - began).TotalMilliseconds);
            }

            await running;
            times.Add(watch.Elapsed);
        }

        return new Measured(Median(times), small);
    }

    private async Task<TimeSpan> RepeatAsync(Func<Task<TimeSpan>> measure)
    {
        var times = new List<TimeSpan>();
        for (var round = 0; round < _rounds; round++)
            times.Add(await measure());
        return Median(times);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        var watch = Stopwatch.StartNew();
        await action();
        return watch.Elapsed;
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private void AddRow(string name, double mebibytes, Measured measured, string ratio, ResultTable table) => table.AddRow(
        (_isEncrypted ? EncryptedName : PlainName) + name, mebibytes, measured, ratio,
        [PeakMemory.ReadMebibytes(_cluster.Coordinator), PeakMemory.ReadMebibytes(_cluster.Nodes[0]),
            .. _cluster.Executors().Select(PeakMemory.ReadMebibytes), PeakMemory.ReadMebibytes(Environment.ProcessId)]);

    private static void Check(string found, string expected)
    {
        if (found != expected)
            throw new InvalidOperationException("The received bytes differ from the sent bytes.");
    }
}

/// <summary>The time of an action, and the times of the small jobs beside it in milliseconds.</summary>
internal sealed record Measured(TimeSpan Time, IReadOnlyList<double> Small);
