using Actors;

// A web application that answers one request of its own with the result of a job.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
await using var pool = await ProcessPool.StartAsync(1);
builder.Services.AddSingleton(pool);
await using var app = builder.Build();
app.MapGet("/squares/{n:int}", async (int n, ProcessPool pool) => await pool.ApplyAsync(Squares.Square, n));
await app.StartAsync();

using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
Console.WriteLine($"web: {await client.GetStringAsync("/squares/12")}");
await app.StopAsync();

static class Squares
{
    public static int Square(int n) => n * n;
}
