using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using Actors.Cluster.Tests.Long;
using Actors.Cluster.Tests.Programs;

namespace Actors.Cluster.Tests;

/// <summary>The HTTP endpoint of a coordinator.</summary>
public sealed class HttpTests : IDisposable
{
    private const string Token = "a token for these tests";

    private readonly string _tokenFile = Path.GetTempFileName();
    private readonly int _port = Ports.FindFree();
    private readonly HttpClient _http = new();

    public HttpTests()
    {
        File.WriteAllText(_tokenFile, Token + "\n");
        _http.BaseAddress = new Uri($"http://127.0.0.1:{_port}");
    }

    public void Dispose()
    {
        _http.Dispose();
        File.Delete(_tokenFile);
    }

    [LongFact(Timeout = Guard.Milliseconds)]
    public async Task Metrics_WithTheToken_ShowWaitingJobs()
    {
        await using var cluster = new TestCluster();
        await Start(cluster).SaysAsync("coordinator is a member");
        using (var socket = new TcpClient("127.0.0.1", _port))
            await socket.GetStream().WriteAsync(RandomNumberGenerator.GetBytes(10_000));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/healthz", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/readyz", null));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/", Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", Token + "s"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", Token));

        await using (var pool = await ProcessPool.StartAsync(connect: cluster.Address))
        {
            var jobs = Enumerable.Range(0, 3).Select(number => pool.ApplyAsync(Functions.Square, number)).ToList();
            await ShowsAsync(line => line.StartsWith("actors_jobs_waiting{", StringComparison.Ordinal)
                && line.EndsWith(" 3", StringComparison.Ordinal));
            await cluster.StartNodeAsync(1);
            await Task.WhenAll(jobs.Select(job => job.Task)).WaitAsync(Guard.Longest);
            await ShowsAsync(line => line == "actors_jobs_ended_total{status=\"succeeded\"} 3");
            await ShowsAsync(line => line == "actors_nodes 1");
        }

        await ShowsAsync(line => line == "actors_pools 0");
        Assert.DoesNotContain("actors_jobs_waiting{", await MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Readyz_BeforeAndAfterJoining_ReportsMembership()
    {
        await using var cluster = new TestCluster();
        // One of three coordinators, which cannot join a cluster without a majority.
        var alone = Start(cluster, "--seeds", $"127.0.0.1:{cluster.Port},127.0.0.1:1,127.0.0.1:2");
        await alone.SaysAsync("coordinator listens");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/healthz", null));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync("/readyz", null));
    }

    [Fact(Timeout = Guard.Milliseconds)]
    public async Task Coordinator_HttpPortInUse_ExitsWithOne()
    {
        await using var cluster = new TestCluster();
        using var holder = new TcpListener(IPAddress.Loopback, _port);
        holder.Start();

        var coordinator = Start(cluster);

        Assert.Equal(1, await coordinator.ExitAsync());
        Assert.StartsWith($"Cannot listen for HTTP on 127.0.0.1:{_port}: ", coordinator.Errors, StringComparison.Ordinal);
        Assert.Contains("in use", coordinator.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', coordinator.Errors);
    }

    private RoleProcess Start(TestCluster cluster, params string[] more) => cluster.Run(
        "Actors.Coordinator.dll", ["--port", $"{cluster.Port}", "--http", $"127.0.0.1:{_port}", "--http-token-file", _tokenFile, .. more]);

    private async Task<HttpStatusCode> StatusAsync(string path, string? token)
    {
        using var response = await AskAsync(path, token);
        return response.StatusCode;
    }

    private async Task<string> MetricsAsync()
    {
        using var response = await AskAsync("/metrics", Token);
        return await response.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> AskAsync(string path, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return _http.SendAsync(request).WaitAsync(Guard.Longest);
    }

    private Task ShowsAsync(Func<string, bool> condition) =>
        Guard.UntilAsync(async () => (await MetricsAsync()).Split('\n').Any(condition));
}
