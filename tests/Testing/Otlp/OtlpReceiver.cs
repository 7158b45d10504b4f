using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Google.Protobuf;

namespace Actors.Testing;

/// <summary>A receiver of spans, metrics and log records, as an OpenTelemetry collector is one: OTLP over HTTP.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<ExportedSpan> _spans = new();
    private readonly ConcurrentQueue<ExportedLog> _logs = new();
    private readonly ConcurrentQueue<string> _metrics = new();
    private TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OtlpReceiver()
    {
        var address = $"http://127.0.0.1:{Ports.FindFree()}";
        _listener.Prefixes.Add($"{address}/");
        _listener.Start();
        Variables = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        };
        _ = ReceiveAsync();
    }

    /// <summary>The environment of programs that export to this receiver.</summary>
    public Dictionary<string, string> Variables { get; }

    /// <summary>The received log records.</summary>
    public IEnumerable<ExportedLog> Logs => _logs;

    /// <summary>Waits for spans that fulfill a condition.</summary>
    public async Task<List<ExportedSpan>> AwaitSpansAsync(Func<ExportedSpan, bool> condition, int count)
    {
        await UntilAsync(() => _spans.Count(condition) >= count);
        return [.. _spans.Where(condition).OrderBy(span => span.Start)];
    }

    /// <summary>Waits for the first log record that fulfills a condition.</summary>
    public async Task<ExportedLog> AwaitLogAsync(Func<ExportedLog, bool> condition)
    {
        await UntilAsync(() => _logs.Any(condition));
        return _logs.First(condition);
    }

    /// <summary>Waits for a request with metrics that contains texts, such as the names of a program and of a metric.</summary>
    public Task AwaitMetricsAsync(params string[] texts) => UntilAsync(
        () => _metrics.Any(request => texts.All(text => request.Contains(text, StringComparison.Ordinal))));

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext request;
            try
            {
                request = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await request.Request.InputStream.CopyToAsync(body);
            ReadRequest(request.Request.Url!.AbsolutePath, body.ToArray());
            request.Response.Close();
            Interlocked.Exchange(ref _received, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    /// <summary>Waits for requests until a condition holds.</summary>
    private async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Longest);
        while (true)
        {
            var next = Volatile.Read(ref _received).Task;
            if (condition())
                return;
            await next.WaitAsync(timeout.Token);
        }
    }

    private void ReadRequest(string path, byte[] request)
    {
        switch (path)
        {
            case "/v1/traces": ReadTraces(request); break;
            case "/v1/logs": ReadLogs(request); break;
            default: _metrics.Enqueue(Encoding.Latin1.GetString(request)); break;
        }
    }

    private void ReadTraces(byte[] request)
    {
        foreach (var resource in ReadFields(request, 1))
        {
            foreach (var span in ReadFields(resource, 2).SelectMany(scope => ReadFields(scope, 2)))
                _spans.Enqueue(ReadSpan(ReadService(resource), span));
        }
    }

    private void ReadLogs(byte[] request)
    {
        foreach (var resource in ReadFields(request, 1))
        {
            foreach (var scope in ReadFields(resource, 2))
            {
                var category = ReadText(ReadFields(scope, 1).Single(), 1);
                foreach (var log in ReadFields(scope, 2))
                    _logs.Enqueue(ReadLog(ReadService(resource), category, log));
            }
        }
    }

    private static string ReadService(byte[] resource) =>
        ReadFields(resource, 1).SelectMany(fields => ReadAttributes(fields, 1)).ToDictionary()["service.name"];

    private static ExportedLog ReadLog(string service, string category, byte[] log) => new(
        service, category, ReadNumber(log, 2), ReadText(ReadFields(log, 5).Single(), 1), ReadId(log, 9),
        ReadAttributes(log, 6).ToDictionary());

    private static ExportedSpan ReadSpan(string service, byte[] span) => new(
        service, Encoding.UTF8.GetString(ReadFields(span, 5).Single()), ReadId(span, 1), ReadId(span, 2), ReadId(span, 4),
        ReadNumber(span, 6), ReadNumber(span, 7), ReadNumber(span, 8), ReadAttributes(span, 9).ToDictionary(),
        ReadFields(span, 15).Select(status => ReadNumber(status, 3)).SingleOrDefault());

    private static string ReadText(byte[] message, int field) =>
        ReadFields(message, field).Select(Encoding.UTF8.GetString).SingleOrDefault() ?? "";

    private static string ReadId(byte[] span, int field) => Convert.ToHexStringLower(ReadFields(span, field).SingleOrDefault() ?? []);

    private static IEnumerable<KeyValuePair<string, string>> ReadAttributes(byte[] message, int field) =>
        from attribute in ReadFields(message, field)
        let value = ReadFields(attribute, 2).Single()
        let text = ReadFields(value, 1).Select(Encoding.UTF8.GetString).SingleOrDefault()
        select KeyValuePair.Create(Encoding.UTF8.GetString(ReadFields(attribute, 1).Single()), text ?? $"{ReadNumber(value, 3)}");

    /// <summary>Reads the fields of a number that are messages, texts or bytes.</summary>
    private static List<byte[]> ReadFields(byte[] message, int field)
    {
        var (found, input) = (new List<byte[]>(), new CodedInputStream(message));
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited))
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found;
    }

    /// <summary>Reads a number; 0 if it is absent.</summary>
    private static long ReadNumber(byte[] message, int field)
    {
        var (number, input) = (0L, new CodedInputStream(message));
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.Varint))
                number = input.ReadInt64();
            else if (tag == WireFormat.MakeTag(field, WireFormat.WireType.Fixed64))
                number = (long)input.ReadFixed64();
            else
                input.SkipLastField();
        }

        return number;
    }
}

/// <summary>A received log record.</summary>
/// <param name="Service">The name of the program.</param>
/// <param name="Category">The category of the logger.</param>
/// <param name="Severity">The number of the severity.</param>
/// <param name="Text">The formatted message.</param>
/// <param name="Trace">The id of the trace, in hexadecimal digits; empty for none.</param>
/// <param name="Attributes">The values of the message, as text.</param>
internal sealed record ExportedLog(
    string Service, string Category, long Severity, string Text, string Trace, Dictionary<string, string> Attributes)
{
    public const int Information = 9;
    public const int Warning = 13;
}

/// <summary>A received span.</summary>
/// <param name="Service">The name of the program.</param>
/// <param name="Name">The name of the span.</param>
/// <param name="Trace">The id of the trace, in hexadecimal digits.</param>
/// <param name="Id">The id of the span.</param>
/// <param name="Parent">The id of the parent; empty for a root.</param>
/// <param name="Kind">The number of the kind.</param>
/// <param name="Start">The start in nanoseconds since 1970.</param>
/// <param name="End">The end in nanoseconds since 1970.</param>
/// <param name="Attributes">The attributes, as text.</param>
/// <param name="Status">The number of the status.</param>
internal sealed record ExportedSpan(
    string Service, string Name, string Trace, string Id, string Parent, long Kind, long Start, long End,
    Dictionary<string, string> Attributes, long Status)
{
    public const int Internal = 1;
    public const int Producer = 4;
    public const int Consumer = 5;
    public const int Error = 2;

    public string? Pool => Attributes.GetValueOrDefault("actors.pool");
}
