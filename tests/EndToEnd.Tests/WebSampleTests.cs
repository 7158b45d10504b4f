using System.Net;
using System.Net.Http.Json;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The sample of a web application, with workers on this machine.</summary>
public sealed class WebSampleTests : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly TempFolder _folder = new();

    [LongFact]
    public async Task Application_KilledAndStartedAgain_ReturnsTheResultOfItsEarlierJob()
    {
        using var http = new HttpClient();
        string invoice;
        using (var first = Start())
        {
            http.BaseAddress = await ReadAddressAsync(first);
            Assert.Equal("Healthy", await http.GetStringAsync("/healthz").Soon());
            var words = await http.PostAsJsonAsync("/words", new[] { "a b c", "d e" }).Soon();
            Assert.Equal("[3,2]", await words.Content.ReadAsStringAsync().Soon());
            Assert.Equal("/jobs/1", (await http.PutAsync("/invoices/17", null).Soon()).Headers.Location?.ToString());
            invoice = await http.GetStringAsync("/jobs/1").Soon();
            Assert.StartsWith("Invoice 17, rendered by process ", invoice, StringComparison.Ordinal);
            first.Kill();
            await first.ExitAsync();
        }

        using var second = Start();
        using var again = new HttpClient { BaseAddress = await ReadAddressAsync(second) };

        Assert.Equal("/jobs/1", (await again.PutAsync("/invoices/17", null).Soon()).Headers.Location?.ToString());
        Assert.Equal(invoice, await again.GetStringAsync("/jobs/1").Soon());
        Assert.Equal(HttpStatusCode.NotFound, (await again.GetAsync("/jobs/77").Soon()).StatusCode);
        second.Kill();
        await second.ExitAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private ClientProgram Start() => ClientProgram.Start(
        "samples/Web", "Web.dll", "--urls", "http://127.0.0.1:0", "--Store", Path.Combine(_folder.Path, "invoices.db"),
        "--contentRoot", Path.Combine(ClientProgram.Root(), "samples/Web"));

    private static async Task<Uri> ReadAddressAsync(ClientProgram program)
    {
        while (await program.Output.ReadLineAsync().Soon() is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
                return new Uri(line[(at + Listening.Length)..]);
        }

        throw new InvalidOperationException(await program.Error.ReadToEndAsync().Soon());
    }
}
