using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Workers never outlive the program that started them.</summary>
public sealed class ClientEndTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("sleep")]
    [InlineData("spin")]
    public async Task Pool_ClientIsKilled_WorkersEndAndDirectoryIsRemoved(string mode)
    {
        using var client = ClientProgram.StartTestClient("pool", mode);
        var workers = await client.ReadProcessIdsAsync(2);
        Assert.All(workers, worker => Assert.True(ProcessIds.IsRunning(worker)));
        Assert.NotEmpty(Directory.GetDirectories(client.Temp.Path, "actors-*"));

        client.Kill();
        await client.ExitAsync();

        Assert.True(await Waiting.Until(() => !workers.Any(ProcessIds.IsRunning), AtMost), "A worker outlived its client.");
        Assert.Empty(Directory.GetDirectories(client.Temp.Path, "actors-*"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Pool_FirstOfItsProgram_StartsItsWorkersAndNoOthers(int workers)
    {
        using var client = ClientProgram.StartTestClient("first", $"{workers}");

        Assert.Equal($"{workers}\n0\n", await client.Output.ReadToEndAsync().Soon());
        await client.ExitAsync();
    }

    [Fact]
    public async Task WorkerProcess_NoDaemonAndClientReturns_ClientWaitsForIt()
    {
        using var client = ClientProgram.StartTestClient("wait");

        Assert.Equal("finished\n", await client.Output.ReadToEndAsync().Soon());
        await client.ExitAsync();
        Assert.Equal(0, client.ExitCode);
    }

    [LongFact]
    public async Task WorkerProcess_ClientIsKilled_Ends()
    {
        using var client = ClientProgram.StartTestClient("process");
        var workers = await client.ReadProcessIdsAsync(1);

        client.Kill();
        await client.ExitAsync();

        Assert.True(await Waiting.Until(() => !workers.Any(ProcessIds.IsRunning), AtMost), "A worker process outlived its client.");
        Assert.Empty(Directory.GetDirectories(client.Temp.Path, "actors-*"));
    }

    [Fact]
    public async Task Pool_ClientReturnsWithUnfinishedJobs_CleansUpAndWarns()
    {
        using var client = ClientProgram.StartTestClient("drop");
        var workers = await client.ReadProcessIdsAsync(1);

        await client.ExitAsync();

        Assert.Equal(0, client.ExitCode);
        Assert.Contains("disposed with 1 unfinished job", await client.Error.ReadToEndAsync().Soon(), StringComparison.Ordinal);
        Assert.DoesNotContain(workers, ProcessIds.IsRunning);
        Assert.Empty(Directory.GetDirectories(client.Temp.Path, "actors-*"));
    }
}
