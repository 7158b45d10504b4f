namespace Actors.Testing;

/// <summary>
/// The steps at which a program crashes that changes a job with <see cref="DurableJobs"/>, and the promises about the job then. The program
/// is <c>tests/EndToEnd.Client/CrashingToolProgram.cs</c>.
/// </summary>
internal static class ToolCrash
{
    /// <summary>All steps, with the delay in milliseconds.</summary>
    public static TheoryData<string, int> Cases { get; } = new()
    {
        { "canceling", 0 }, { "canceling", 4 }, { "canceling", 40 }, { "canceled", 0 }, { "retrying", 0 }, { "retrying", 4 },
        { "retrying", 40 }, { "retried", 0 }, { "deleting", 0 }, { "deleting", 4 }, { "deleted", 0 },
    };

    /// <summary>Checks the promises: a change that was confirmed is not lost.</summary>
    /// <param name="step">The step.</param>
    /// <param name="recovered">The output of the program that has recovered.</param>
    /// <param name="runs">The number of runs of the job.</param>
    /// <param name="endsWithClient">Whether the workers and the coordinator have ended with the client.</param>
    public static void Check(string step, string[] recovered, int runs, bool endsWithClient)
    {
        var (permitted, most) = step switch
        {
            "canceling" => (new[] { nameof(JobCanceledException) }, endsWithClient ? 2 : 1),
            "canceled" => ([nameof(JobCanceledException)], 1),
            "retrying" => ([nameof(FormatException), "42"], endsWithClient ? 3 : 2),
            "retried" => (["42"], endsWithClient ? 3 : 2),
            "deleting" => (["1", nameof(JobNotFoundException)], 1),
            _ => ([nameof(JobNotFoundException)], 1),
        };
        Assert.Contains(Assert.Single(recovered), permitted.Select(result => $"result {result}"));
        Assert.InRange(runs, recovered[0] == "result 42" ? 2 : 1, most);
    }
}
