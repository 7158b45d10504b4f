// The cost of metrics and traces for a call, many at once on one worker.
//   dotnet run -c Release --project bench/Telemetry -- [PAIRS]     # default: 10 pairs of processes, about 4 minutes
//
// Without a listener. Two ways to the same figure:
//   checks   the checks of a call, timed alone, beside the time of a call. Exact, but only for the checks that are known.
//   pairs    the same calls in pairs of processes, one of them without instrumentation: the compiler removes the checks. It includes
//            everything, but two processes never run equally fast, so the mean of the differences has a confidence interval.
// Somebody listens: the time of a call with a listener for metrics, and with one for traces.
using System.Globalization;
using Actors;
using Telemetry;

if (args is [Pair.ChildArgument, var isInstrumented])
{
    AppContext.SetSwitch("Actors.Telemetry.IsSupported", bool.Parse(isInstrumented));
    Console.WriteLine((await Calls.MeasureProcessAsync()).ToString(CultureInfo.InvariantCulture));
    return;
}

var pairs = new List<double>();
for (var i = 0; i < (args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 10); i++)
    pairs.Add(Pair.MeasureDifference(withFirst: i % 2 == 0));

await using var pool = await ProcessPool.StartAsync(processes: 1);
await Calls.RunJobsAsync(pool);
var (check, allocated) = Checks.Measure();
var plain = await Calls.MedianAsync(pool);
Console.WriteLine($"call, without listener:  {plain:0} ns");
Console.WriteLine($"its checks alone:        {check:0.00} ns, {check / plain:0.00 %} of the call, {allocated} B allocated");
var (mean, error) = Pair.GetInterval(pairs);
Console.WriteLine(
    $"with and without checks: {mean:+0.00 %;-0.00 %} of the call, 95 % of {pairs.Count} pairs: {mean - error:+0.00 %;-0.00 %} to "
    + $"{mean + error:+0.00 %;-0.00 %}");
using (Listeners.ListenToMetrics())
    Console.WriteLine($"call, metrics:           {await Calls.MedianAsync(pool):0} ns");
using (Listeners.ListenToSpans())
    Console.WriteLine($"call, traces:            {await Calls.MedianAsync(pool):0} ns");
await pool.CompleteAsync();
