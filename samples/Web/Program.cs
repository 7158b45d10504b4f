// A web application whose work runs in two pools: one whose results the requests await, and a durable one whose jobs outlive the request
// and the application.
//   dotnet run --project samples/Web
//   docker compose -f compose.quickstart.yml -f samples/Web/compose.yml up --build
using Actors;
using Web;

var builder = WebApplication.CreateBuilder(args);
builder.AddActorsPool("texts");
builder.AddActorsPool("invoices", options =>
{
    // On a cluster the coordinators have a store. The workers of this machine need one here.
    if (options.ConnectionString is null)
        options.Pool = options.Pool with { Store = new SqliteStore(builder.Configuration["Store"] ?? "invoices.db") };
});
builder.Services.AddSingleton<InvoiceJobs>();
var app = builder.Build();

app.MapHealthChecks("/healthz");
app.MapPost("/words", (string[] texts, [FromKeyedServices("texts")] ProcessPool pool, CancellationToken aborted) =>
    pool.MapAsync(Documents.CountWords, texts, cancellationToken: aborted));
app.MapPut("/invoices/{number}", async (string number, InvoiceJobs jobs) =>
    Results.Accepted($"/jobs/{await jobs.SubmitAsync(number)}"));
app.MapGet("/jobs/{id:long}", (long id, InvoiceJobs jobs) => jobs.GetResultAsync(id));

app.Run();
