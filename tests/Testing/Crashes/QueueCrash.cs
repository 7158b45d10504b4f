namespace Actors.Testing;

/// <summary>
/// The steps at which a client of a durable queue crashes, and the promises about its item then. The program is
/// <c>tests/EndToEnd.Client/CrashingQueueProgram.cs</c>.
/// </summary>
internal static class QueueCrash
{
    /// <summary>All steps, with the delay in milliseconds.</summary>
    public static TheoryData<string, int> Cases { get; } = new()
    {
        { "opening", 0 }, { "opening", 30 }, { "putting", 0 }, { "putting", 4 }, { "putting", 40 }, { "put", 0 }, { "getting", 0 },
        { "getting", 4 }, { "got", 0 }, { "receiving", 0 }, { "receiving", 4 }, { "receiving", 40 }, { "received", 0 },
        { "acknowledging", 0 }, { "acknowledging", 4 }, { "acknowledging", 40 }, { "acknowledged", 0 },
        { "putting-many", 0 }, { "putting-many", 4 }, { "put-many", 0 }, { "getting-many", 0 }, { "getting-many", 4 }, { "got-many", 0 },
    };

    /// <summary>Checks the promises: the item is in the queue once, and is delivered again unless its receipt was written.</summary>
    /// <param name="step">The step.</param>
    /// <param name="crashed">The output of the program that has crashed.</param>
    /// <param name="recovered">The output of the program that has recovered.</param>
    public static void Check(string step, string[] crashed, string[] recovered)
    {
        if (step.EndsWith("-many", StringComparison.Ordinal))
        {
            CheckMany(step, recovered);
            return;
        }

        var wasPut = crashed.Contains("put");
        if (wasPut)
            Assert.Equal("added False", recovered[0]);
        if (step == "opening")
            Assert.Equal("added True", recovered[0]);
        var item = Assert.Single(recovered.Skip(1));
        var permitted = step switch
        {
            "opening" or "putting" or "put" => ["item 7 1"],
            // The receipt of an item that arrives is confirmed on arrival.
            "getting" or "got" => ["item 7 1", "item 7 2", "none"],
            "receiving" => ["item 7 1", "item 7 2"],
            "received" => ["item 7 2"],
            "acknowledging" => ["item 7 2", "none"],
            _ => new[] { "none" },
        };
        Assert.Contains(item, permitted);
    }

    /// <summary>The items of one call are put together and removed together.</summary>
    private static void CheckMany(string step, string[] recovered)
    {
        Assert.Equal("added True", recovered[0]);
        Assert.Equal("none", recovered[^1]);
        var items = recovered[1..^1].Select(line => line.Split(' ')[1]).ToList();
        Assert.Contains("7", items);
        items.Remove("7");
        var isEmptyPermitted = step is not "put-many";
        Assert.True(
            (isEmptyPermitted && items.Count == 0) || items.SequenceEqual(["1", "2", "3"]), string.Join(' ', recovered));
    }
}
