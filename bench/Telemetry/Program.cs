// The cost of metrics and traces for a call, many at once on one worker.
//   dotnet run -c Release --project bench/Telemetry -- [PAIRS]     # default: 10 pairs of processes, about 4 minutes
//
// Without a listener, a call may cost at most 1 % more. Two ways to the same figure:
//   checks   the checks of a call, timed alone, beside the time of a call. Exact, but only for the checks that are known.
//   pairs    the same calls in pairs of processes that take turns, one of them without instrumentation: the compiler removes the checks. It
//            includes everything, but two processes never run equally fast, so the mean of the differences has a confidence interval.
// The exit code is 1 if the checks allocate, or one of the ways shows more than 1 %; 2 if the interval of the pairs is too wide to decide.
// With a listener: the time of a call with a listener for metrics, and with one for traces.
using System.Globalization;
using Actors;
using Telemetry;

const double Limit = 0.01;

if (args is [Child.Argument, var isInstrumented])
{
    await Child.RunAsync(bool.Parse(isInstrumented));
    return 0;
}

var pairs = new List<double>();
for (var i = 0; i < (args is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 10); i++)
    pairs.Add(Pair.MeasureDifference());

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

var exitCode = allocated > 0 || check / plain > Limit || mean - error > Limit ? 1 : mean + error > Limit ? 2 : 0;
Console.WriteLine(exitCode switch
{
    0 => $"At most {Limit:0 %}.",
    1 => $"FAILED: more than {Limit:0 %} without a listener, or an allocation.",
    _ => $"Undecided: measure more pairs, on a machine without other programs.",
});
return exitCode;
