using System.Net;
using Actors.Compose.Tests.Programs;

namespace Actors.Compose.Tests;

/// <summary>The sample of a web application, whose jobs run on the nodes of compose.quickstart.yml.</summary>
[Collection(ComposeCollection.Name)]
public sealed class WebSampleTests : IAsyncLifetime
{
    private readonly string _project = $"actors-web-{Environment.ProcessId}";

    [ComposeFact]
    public async Task Application_ContainerIsKilledAndStarted_ReturnsTheResultOfItsEarlierJob()
    {
        using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:8080") };
        await ComposeAsync("up", "-d", "--build");
        await IsHealthyAsync(http);
        var job = (await http.PutAsync("/invoices/17", null)).Headers.Location;
        var invoice = await http.GetStringAsync(job);
        Assert.StartsWith("Invoice 17, rendered by process ", invoice, StringComparison.Ordinal);

        await ComposeAsync("kill", "web");
        await ComposeAsync("up", "-d");
        await IsHealthyAsync(http);

        Assert.Equal(invoice, await http.GetStringAsync(job));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/jobs/77")).StatusCode);
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (ComposeFactAttribute.Missing is null)
            await ComposeAsync("down", "-v", "-t", "5");
    }

    private static Task IsHealthyAsync(HttpClient http) => Eventually.HoldsAsync("the application answers", 120, async () =>
    {
        try
        {
            return await http.GetStringAsync("/healthz") == "Healthy";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    private Task<string> ComposeAsync(params IReadOnlyList<string> arguments)
    {
        string[] files = ["-f", Path.Combine(Repository.Root, "compose.quickstart.yml"), "-f",
            Path.Combine(Repository.Root, "samples/Web/compose.yml")];
        return Command.RunAsync("docker-compose", ["-p", _project, .. files, .. arguments]);
    }
}
