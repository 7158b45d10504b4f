// The cost of metrics and traces for a call, many at once on one worker: without and with listeners.
// dotnet run -c Release --project bench/Telemetry
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Actors;

const int Jobs = 200_000;
const int Checks = 100_000_000;
const int Rounds = 5;

await using var pool = await ProcessPool.StartAsync(processes: 1);
await RunJobsAsync(pool);

var check = await MedianAsync(() => Task.FromResult(MeasureCheck()));
var plain = await MedianAsync(() => RunJobsAsync(pool));
Console.WriteLine($"check of a call for listeners: {check:0.0} ns, {check / plain:0.00 %} of a call");
Console.WriteLine($"call, no listener:             {plain:0} ns");

using (ListenToMetrics())
    Console.WriteLine($"call, metrics:                 {await MedianAsync(() => RunJobsAsync(pool)):0} ns");
using (ListenToSpans())
    Console.WriteLine($"call, traces:                  {await MedianAsync(() => RunJobsAsync(pool)):0} ns");

await pool.CompleteAsync();

static async Task<double> RunJobsAsync(ProcessPool pool)
{
    var start = Stopwatch.GetTimestamp();
    var jobs = new JobHandle<int>[Jobs];
    for (var i = 0; i < jobs.Length; i++)
        jobs[i] = pool.ApplyAsync(static x => x + 1, i);
    foreach (var job in jobs)
        await job;
    return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Jobs;
}

// The check that each call makes, as the library has compiled it.
static double MeasureCheck()
{
    var check = typeof(ProcessPool).Assembly.GetType("Actors.Telemetry.PoolInstruments")!.GetProperty("ObserveJobs")!
        .GetMethod!.CreateDelegate<Func<bool>>();
    var observed = 0;
    var start = Stopwatch.GetTimestamp();
    for (var i = 0; i < Checks; i++)
        observed += check() ? 1 : 0;
    var elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Checks;
    return observed == 0 ? elapsed : throw new InvalidOperationException("Somebody listens.");
}

static async Task<double> MedianAsync(Func<Task<double>> measure)
{
    var rounds = new List<double>();
    for (var i = 0; i < Rounds; i++)
        rounds.Add(await measure());
    return rounds.Order().ElementAt(Rounds / 2);
}

static MeterListener ListenToMetrics()
{
    var listener = new MeterListener
    {
        InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Actors")
                listener.EnableMeasurementEvents(instrument);
        },
    };
    listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
    listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
    listener.Start();
    return listener;
}

static ActivityListener ListenToSpans()
{
    var listener = new ActivityListener
    {
        ShouldListenTo = static source => source.Name == "Actors",
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };
    ActivitySource.AddActivityListener(listener);
    return listener;
}
