using Actors.Programs.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Coordinator.Tests.Logging;

public sealed class ProgramHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task RunServices_ServiceEnds_ReturnsItsExitCode(int code)
    {
        var run = RunAsync(_ => Task.FromResult(code), CancellationToken.None);

        Assert.Equal(code, await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task RunServices_TokenIsCanceled_StopsTheServiceAndWaits()
    {
        var (started, stopped, finish) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource<int>());
        using var cancellation = new CancellationTokenSource();
        var run = RunAsync(
            async stop =>
            {
                started.SetResult();
                await stop;
                stopped.SetResult();
                return await finish.Task;
            },
            cancellation.Token);

        // A host that is canceled earlier does not start the service.
        await started.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await stopped.Task.WaitAsync(Patience);
        Assert.False(run.IsCompleted);
        finish.SetResult(0);

        Assert.Equal(0, await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task RunServices_ServiceThrows_ReturnsOne()
    {
        var run = RunAsync(static _ => throw new FormatException("an error in the program"), CancellationToken.None);

        Assert.Equal(1, await run.WaitAsync(Patience));
    }

    [Fact]
    public async Task LineFormatter_SeveralLines_WritesOne()
    {
        var formatter = new LineFormatter();
        await using var output = new StringWriter();

        formatter.Write(
            new LogEntry<string>(
                LogLevel.Error, "Actors.Coordinator", 1, "cannot go on:\nDETAIL: none\r\n; 2 refused", null,
                static (text, _) => text),
            null, output);

        Assert.Equal("cannot go on: DETAIL: none ; 2 refused\n", output.ToString());
    }

    /// <summary>A client chooses the names of its pools.</summary>
    [Fact]
    public async Task LineFormatter_NameOfAClient_HasNoControlCharactersAndIsShort()
    {
        await using var output = new StringWriter();
        var logEvent = new LogEvent(LogSubject.DurableQueue, "\u001b[2J\b" + new string('x', 1 << 20), "runs here");

        new LineFormatter().Write(
            new LogEntry<string>(LogLevel.Information, "Actors.Coordinator", 1, logEvent.Text, null, static (text, _) => text),
            null, output);

        Assert.Contains("durable queue '\uFFFD[2J\uFFFDx", output.ToString(), StringComparison.Ordinal);
        Assert.InRange(output.ToString().Length, 1000, 2000);
    }

    private static Task<int> RunAsync(Func<Task, Task<int>> run, CancellationToken cancellationToken) => ProgramHost.RunServicesAsync(
        "program", new ConfigurationBuilder().Build(),
        services => services.AddHostedService(provider => new Service(
            run, provider.GetRequiredService<ProgramExit>(), provider.GetRequiredService<IHostApplicationLifetime>())),
        cancellationToken);

    private sealed class Service(Func<Task, Task<int>> run, ProgramExit exit, IHostApplicationLifetime lifetime)
        : ProgramService(exit, lifetime)
    {
        protected override Task<int> RunAsync(Task stop) => run(stop);
    }
}
