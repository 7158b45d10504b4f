using System.Globalization;
using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>Cancels, retries or deletes a job of a durable pool, and crashes at a step. Another run waits for the end of the job.</summary>
/// <param name="place">The store or the coordinators.</param>
/// <param name="runs">The file to which each run of the job adds a line.</param>
internal sealed class CrashingToolProgram(CrashPlace place, string runs)
{
    public static CrashingToolProgram From(string[] args) => new(new CrashPlace(args[1], args[2]), args[3]);

    public async Task CrashAsync(string step, int milliseconds)
    {
        var crash = new CrashPoint(step, milliseconds);
        var pool = await place.OpenAsync(ResultAcknowledgment.Explicit);
        if (step.StartsWith("cancel", StringComparison.Ordinal))
            await CancelAsync(pool, crash);
        else if (step.StartsWith("retr", StringComparison.Ordinal))
            await RetryAsync(pool, crash);
        else
            await DeleteAsync(pool, crash);
        throw new ArgumentException($"Unknown step: {step}.");
    }

    /// <summary>Prints the result of the job.</summary>
    /// <param name="step">The step at which the other program has crashed.</param>
    /// <param name="known">The id of the job.</param>
    public async Task RecoverAsync(string step, long known)
    {
        await using var pool = await place.OpenAsync(ResultAcknowledgment.Explicit);
        if (step == "canceling")
            await place.Jobs.CancelAsync([known]);
        Console.WriteLine($"result {await DescribeAsync(pool.Attach<int>(known))}");
    }

    private async Task CancelAsync(ProcessPool pool, CrashPoint crash)
    {
        var job = await pool.SubmitAsync(RunForever, runs);
        Console.WriteLine($"id {job.Id}");
        while (!File.Exists(runs))
            await Task.Delay(1);
        crash.PassDuring("canceling", () => place.Jobs.CancelAsync([job.Id]));
        await place.Jobs.CancelAsync([job.Id]);
        crash.Pass("canceled");
    }

    private async Task RetryAsync(ProcessPool pool, CrashPoint crash)
    {
        var job = await pool.SubmitAsync(FailAtTheFirstRun, runs);
        Console.WriteLine($"id {job.Id}");
        await DescribeAsync(job);
        crash.PassDuring("retrying", () => place.Jobs.RetryAsync([job.Id]));
        await place.Jobs.RetryAsync([job.Id]);
        crash.Pass("retried");
    }

    private async Task DeleteAsync(ProcessPool pool, CrashPoint crash)
    {
        var job = await pool.SubmitAsync(AddRun, runs);
        Console.WriteLine($"id {job.Id}");
        await job;
        crash.PassDuring("deleting", () => place.Jobs.DeleteAsync([job.Id]));
        await place.Jobs.DeleteAsync([job.Id]);
        crash.Pass("deleted");
    }

    private static async Task<string> DescribeAsync(JobHandle<int> job)
    {
        try
        {
            return (await job).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is JobNotFoundException or JobCanceledException or FormatException)
        {
            return exception.GetType().Name;
        }
    }

    private static int AddRun(string runs)
    {
        File.AppendAllText(runs, "run\n");
        return File.ReadAllLines(runs).Length;
    }

    private static int FailAtTheFirstRun(string runs) => AddRun(runs) == 1 ? throw new FormatException("once") : 42;

    private static int RunForever(string runs)
    {
        AddRun(runs);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
