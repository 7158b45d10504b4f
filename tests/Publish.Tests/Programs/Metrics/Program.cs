using Actors;

// A web application that serves its metrics, and reads them once.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
await using var app = builder.Build();
app.MapActorsMetrics();
await app.StartAsync();
await using var pool = await ProcessPool.StartAsync(1);
await pool.ApplyAsync(Squares.Square, 12);

using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
var submitted = (await client.GetStringAsync("/metrics")).Split('\n')
    .Single(line => line.StartsWith("actors_jobs_submitted_total{", StringComparison.Ordinal));
Console.WriteLine($"metrics: {submitted.Split(' ')[^1]} job");
await app.StopAsync();

static class Squares
{
    public static int Square(int n) => n * n;
}
