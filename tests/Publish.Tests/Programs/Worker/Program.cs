using Actors;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.AddActorsPool("sums", o => o.Processes = 1);
builder.Services.AddHostedService<Worker>();
await builder.Build().RunAsync();

class Worker([FromKeyedServices("sums")] ProcessPool pool, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Console.WriteLine($"worker: {await pool.ApplyAsync(Sum, new[] { 1, 2, 3 }, cancellationToken: stoppingToken)}");
        lifetime.StopApplication();
    }

    private static int Sum(int[] numbers) => numbers.Sum();
}
