using System.Collections.Concurrent;
using Actors;

namespace Web;

/// <summary>The jobs of the durable pool that this instance of the application has submitted or was asked for.</summary>
internal sealed class InvoiceJobs([FromKeyedServices("invoices")] ProcessPool pool)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, JobHandle<string>> _jobs = new();

    /// <summary>Submits the rendering of an invoice. The pool has written the job when this returns.</summary>
    /// <returns>The id of the job. A repeated request gets the same one, because the number is its key.</returns>
    public async Task<long> SubmitAsync(string number)
    {
        var job = await pool.SubmitAsync(Documents.RenderInvoice, number, new JobOptions { Key = number });
        _jobs.TryAdd(job.Id, job);
        return job.Id;
    }

    /// <summary>Waits a moment for the result of a job, also of another instance or of an earlier run.</summary>
    public async Task<IResult> GetResultAsync(long id)
    {
        var job = _jobs.GetOrAdd(id, pool.Attach<string>);
        try
        {
            return Results.Text(await job.Task.WaitAsync(LongestWait));
        }
        catch (TimeoutException)
        {
            return Results.Accepted($"/jobs/{id}");
        }
        catch (JobNotFoundException)
        {
            _jobs.TryRemove(id, out _);
            return Results.NotFound();
        }
    }
}
