namespace Actors.Testing;

/// <summary>
/// The steps at which a client of a durable pool crashes, and the promises about its job then. The program is
/// <c>tests/EndToEnd.Client/CrashingProgram.cs</c>.
/// </summary>
internal static class ClientCrash
{
    /// <summary>The times between the begin of a call and the crash, in milliseconds.</summary>
    private static readonly int[] Delays = [0, 4, 40];

    private static readonly string[] Kinds =
    [
        "plain", "unread", "keyed", "map", "map-id", "map-key-id", "attached", "called", "dropped", "named", "lost", "lost-once",
    ];

    /// <summary>All steps, with the kind of job and the delay in milliseconds.</summary>
    public static TheoryData<string, string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int>();
            foreach (var kind in Kinds)
            {
                foreach (var step in StepsOf(kind))
                {
                    foreach (var delay in step.EndsWith("ing", StringComparison.Ordinal) ? Delays : [0])
                        cases.Add(kind, step, delay);
                }
            }

            return cases;
        }
    }

    private static string[] StepsOf(string kind) => kind switch
    {
        "plain" => ["opening", "opened", "applying", "submitting", "accepted", "submitted", "ended", "received", "explicit",
            "acknowledging", "acknowledged", "disposing", "disposed", "completing", "completed"],
        "unread" => ["closing", "closed", "completing", "completed", "read", "disposed"],
        "keyed" => ["applying", "submitting", "submitted", "ended", "received", "explicit", "acknowledging", "disposed"],
        "map" => ["submitting", "half", "received", "disposed"],
        "map-id" => ["submitted", "half", "received", "explicit", "acknowledging", "acknowledged", "disposed"],
        "map-key-id" => ["submitting", "submitted", "half", "received", "explicit", "acknowledging", "acknowledged", "disposed"],
        "attached" => ["attached", "ended", "received", "explicit", "acknowledging", "acknowledged", "disposed"],
        "called" => ["calling", "called", "disposed"],
        "dropped" => ["submitting", "submitted", "ended", "received", "disposed"],
        "named" => ["applying", "submitting", "submitted", "ended", "received", "disposed"],
        _ => ["submitting", "submitted", "ended"],
    };

    /// <summary>Checks the promises.</summary>
    /// <param name="kind">The kind of job.</param>
    /// <param name="step">The step.</param>
    /// <param name="crashed">The output of the program that has crashed.</param>
    /// <param name="recovered">The output of the program that has recovered.</param>
    /// <param name="runs">The lines that the runs of the job have written.</param>
    /// <param name="endsWithClient">Whether the workers and the coordinator have ended with the client.</param>
    public static void Check(
        string kind, string step, string[] crashed, string[] recovered, string[] runs,
        bool endsWithClient)
    {
        Assert.Equal("left 0", recovered[^1]);
        var listed = recovered[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        if (kind == "map")
            CheckMap(["0 2 4 6"], recovered, runs, most: step == "disposed" || endsWithClient ? 2 : 1);
        else if (kind == "map-id")
            CheckMap(PermittedMapResults(step), recovered, runs, most: endsWithClient ? 2 : 1);
        else if (kind == "map-key-id")
            CheckKeyedMap(step, crashed, recovered, runs, endsWithClient);
        else if (kind == "dropped")
            CheckDropped(step, crashed, listed, recovered[1..^1], runs.Length, endsWithClient);
        else
            CheckJob(kind, step, crashed, listed, recovered[1..^1], runs.Length, endsWithClient);
    }

    private static string[] PermittedMapResults(string step) => step switch
    {
        "acknowledged" or "disposed" => [nameof(JobNotFoundException)],
        "acknowledging" => ["0 2 4 6", nameof(JobNotFoundException)],
        _ => ["0 2 4 6"],
    };

    private static void CheckMap(string[] permitted, string[] recovered, string[] runs, int most)
    {
        Assert.Contains(recovered[1], permitted.Select(result => $"result {result}"));
        Assert.All(Enumerable.Range(0, 4), item => Assert.InRange(runs.Count(run => run == $"{item}"), 1, most));
    }

    /// <summary>The key of an acknowledged map starts a new one.</summary>
    private static void CheckKeyedMap(string step, string[] crashed, string[] recovered, string[] runs, bool endsWithClient)
    {
        var mayBeAcknowledged = step is "acknowledging" or "acknowledged" or "disposed";
        CheckMap(["0 2 4 6"], recovered, runs, most: mayBeAcknowledged || endsWithClient ? 2 : 1);
        if (FindId(crashed) is { } known && !mayBeAcknowledged)
            Assert.Equal($"id {known}", recovered[2]);
    }

    /// <summary>The result of an ended job is not written. A job that has not ended runs, and its result may be received.</summary>
    private static void CheckDropped(
        string step, string[] crashed, string[] listed, string[] jobs, int runs, bool endsWithClient)
    {
        if (step is "ended" or "received" or "disposed")
            Assert.Empty(listed);
        Assert.InRange(jobs.Length, FindId(crashed) is null ? 0 : 1, 1);
        Assert.All(jobs, job => Assert.Contains(
            job.Split(' ')[2], listed.Length == 0 ? [nameof(JobNotFoundException)] : new[] { "42", nameof(JobNotFoundException) }));
        Assert.InRange(runs, jobs.Length, endsWithClient && listed.Length > 0 ? 2 : 1);
    }

    /// <summary>Finds the id that a program has printed; null for none.</summary>
    private static string? FindId(string[] crashed) =>
        crashed.FirstOrDefault(line => line.StartsWith("id ", StringComparison.Ordinal))?[3..];

    private static void CheckJob(
        string kind, string step, string[] crashed, string[] listed, string[] jobs, int runs,
        bool endsWithClient)
    {
        Assert.InRange(listed.Length, 0, 1);
        var known = FindId(crashed);
        // Acknowledgments are written within seconds, at the latest by the disposal.
        var isAcknowledged = step is "acknowledged" or "disposed";
        var mayBeAcknowledged = isAcknowledged || step is "acknowledging" or "disposing" or "read"
            || (kind != "unread" && step is "completing" or "completed");
        if (known is not null && !mayBeAcknowledged)
            Assert.Equal([known], listed);
        if (isAcknowledged)
            Assert.Empty(listed);
        // A job without a key that was not accepted is the only one that may be missing.
        Assert.InRange(jobs.Length, known is null && kind != "keyed" ? 0 : 1, 1);
        foreach (var job in jobs.Select(line => line.Split(' ')))
        {
            var (result, attempts) = (job[2], int.Parse(job[3], System.Globalization.CultureInfo.InvariantCulture));
            if (listed.Length > 0)
                Assert.Equal(listed[0], job[1]);
            Assert.Contains(result, PermittedResults(kind, isForgotten: listed.Length == 0));
            CheckRuns(kind, runs, attempts, isForgotten: listed.Length == 0, crashed.Contains("ended"), endsWithClient);
        }

        if (jobs.Length == 0)
            Assert.Equal(0, runs);
    }

    /// <summary>A key of a forgotten job starts a new one.</summary>
    private static string[] PermittedResults(string kind, bool isForgotten) => (kind, isForgotten) switch
    {
        ("keyed", _) => ["42"],
        (_, true) => [nameof(JobNotFoundException)],
        ("lost-once", _) => [nameof(WorkerLostException)],
        _ => ["42"],
    };

    private static void CheckRuns(string kind, int runs, int attempts, bool isForgotten, bool hadEnded, bool endsWithClient)
    {
        var expected = kind == "lost" ? 2 : 1;
        if (isForgotten)
            Assert.InRange(runs, 1, kind == "keyed" ? 2 : 1);
        else if (kind == "lost-once")
            Assert.InRange(runs, endsWithClient ? 0 : 1, 1);
        else if (hadEnded || !endsWithClient)
            Assert.Equal((expected, expected), (runs, attempts));
        else
            // A run that ends with its coordinator is not counted as an attempt.
            Assert.InRange(runs, attempts, attempts + 1);
    }
}
