using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Executors never outlive the program that started them, however it ends.</summary>
public sealed class ClientEndTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("sleep")]
    [InlineData("spin")]
    public async Task Pool_ClientIsKilled_ExecutorsAndDirectoryAreGoneSoon(string what)
    {
        using var client = ClientProgram.StartTestClient("pool", what);
        var executors = await client.ReadProcessIdsAsync(2);
        Assert.All(executors, executor => Assert.True(ProcessIds.IsRunning(executor)));
        Assert.NotEmpty(Directory.GetDirectories(client.Temp.Path, "actors-*"));

        client.Kill();
        await client.ExitAsync();

        Assert.True(await Waiting.Until(() => !executors.Any(ProcessIds.IsRunning), AtMost), "An executor outlived its client.");
        Assert.Empty(Directory.GetDirectories(client.Temp.Path, "actors-*"));
    }

    [Fact]
    public async Task WorkerProcess_NoDaemonAndClientReturns_IsWaitedFor()
    {
        using var client = ClientProgram.StartTestClient("wait");

        Assert.Equal("finished\n", await client.Output.ReadToEndAsync().Soon());
        await client.ExitAsync();
        Assert.Equal(0, client.ExitCode);
    }

    [LongFact]
    public async Task WorkerProcess_ClientIsKilled_IsGoneSoon()
    {
        using var client = ClientProgram.StartTestClient("process");
        var executors = await client.ReadProcessIdsAsync(1);

        client.Kill();
        await client.ExitAsync();

        Assert.True(await Waiting.Until(() => !executors.Any(ProcessIds.IsRunning), AtMost), "A worker process outlived its client.");
        Assert.Empty(Directory.GetDirectories(client.Temp.Path, "actors-*"));
    }

    [Fact]
    public async Task Pool_ClientReturnsWithUnfinishedJobs_NothingIsLeftAndItSaysSo()
    {
        using var client = ClientProgram.StartTestClient("drop");
        var executors = await client.ReadProcessIdsAsync(1);

        await client.ExitAsync();

        Assert.Equal(0, client.ExitCode);
        Assert.Contains("disposed with 1 unfinished job", await client.Error.ReadToEndAsync().Soon(), StringComparison.Ordinal);
        Assert.DoesNotContain(executors, ProcessIds.IsRunning);
        Assert.Empty(Directory.GetDirectories(client.Temp.Path, "actors-*"));
    }
}
