using System.Diagnostics;
using System.Globalization;
using Actors;

namespace Telemetry;

/// <summary>A process that runs the calls, with or without instrumentation, each time that it is asked to.</summary>
internal sealed class Child : IDisposable
{
    /// <summary>The first argument of the process.</summary>
    public const string Argument = "--child";

    private readonly Process _process;

    public Child(bool isInstrumented)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            info.ArgumentList.Add(typeof(Child).Assembly.Location);
        info.ArgumentList.Add(Argument);
        info.ArgumentList.Add($"{isInstrumented}");
        _process = Process.Start(info)!;
    }

    /// <summary>Runs the calls in the process, until its standard input ends.</summary>
    public static async Task RunAsync(bool isInstrumented)
    {
        AppContext.SetSwitch("Actors.Telemetry.IsSupported", isInstrumented);
        await using var pool = await ProcessPool.StartAsync(processes: 1);
        // The code is compiled with all optimizations after some thousand calls.
        await Calls.RunJobsAsync(pool);
        await Calls.RunJobsAsync(pool);
        using var own = Process.GetCurrentProcess();
        using var worker = Process.GetProcessById(pool.Workers[0].ProcessId);
        while (await Console.In.ReadLineAsync() is not null)
        {
            var time = await Calls.MeasureProcessorTimeAsync(pool, own, worker);
            Console.WriteLine(time.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Measures the processor time of a call in nanoseconds.</summary>
    public double Measure()
    {
        _process.StandardInput.WriteLine();
        return double.Parse(
            _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The measured process has ended."),
            CultureInfo.InvariantCulture);
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
