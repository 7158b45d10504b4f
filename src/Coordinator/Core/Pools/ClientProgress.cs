using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Remoting.Flow;
using Akka.Actor;

namespace Actors.Coordinator.Pools;

/// <summary>
/// Sends the progress of jobs to a client. A client that does not receive it gets the newest values later: messages that wait for a
/// connection have no limit of their own. Not thread-safe.
/// </summary>
/// <param name="client">The client.</param>
public sealed class ClientProgress(IRecipient client)
{
    /// <summary>The bytes that are sent to the client before it answers.</summary>
    public const long Window = 4 << 20;

    /// <summary>The bytes of the newest values that wait. Further ones are dropped.</summary>
    public const long LargestWaiting = 16 << 20;

    /// <summary>The bytes of a message without a value.</summary>
    private const int Overhead = 256;

    private readonly Dictionary<(JobId Job, int Number), PoolProtocol.MapProgressReport> _waiting = [];
    private readonly bool _isLocal = client.IsLocal;
    private readonly ReceiptWindow _window = new(Window);
    private long _waitingBytes;

    /// <summary>Sends a report now, or when the client has received earlier ones.</summary>
    public void Send(PoolProtocol.MapProgressReport report)
    {
        if (_isLocal)
            client.Send(report);
        else if (!_window.IsFull)
            SendNow(report);
        else
            KeepNewest(report);
    }

    /// <summary>Sends the last values of jobs, before their end.</summary>
    public void SendLast(ImmutableArray<JobOutcome> outcomes)
    {
        if (_waiting.Count == 0)
            return;
        var ended = outcomes.Select(outcome => outcome.Id).ToHashSet();
        foreach (var key in _waiting.Keys.Where(key => ended.Contains(key.Job)).ToList())
            SendNow(Remove(key));
    }

    /// <summary>Sends the marker again, which may be lost.</summary>
    public void ResendMarker()
    {
        _window.ForgetMarker();
        SendMarkerIfDue();
    }

    /// <summary>The client has received the reports before a marker.</summary>
    public void OnReceived(object? marker)
    {
        if (!_window.TryAcknowledge(marker))
            return;
        while (_waiting.Count > 0 && !_window.IsFull)
            SendNow(Remove(_waiting.Keys.First()));
        SendMarkerIfDue();
    }

    private void KeepNewest(PoolProtocol.MapProgressReport report)
    {
        var key = (report.Job, report.Value?.Number ?? -1);
        if (_waiting.ContainsKey(key))
            Remove(key);
        if (_waitingBytes + Measure(report) > LargestWaiting)
            return;
        _waiting.Add(key, report);
        _waitingBytes += Measure(report);
    }

    private PoolProtocol.MapProgressReport Remove((JobId, int) key)
    {
        _waiting.Remove(key, out var report);
        _waitingBytes -= Measure(report!);
        return report!;
    }

    private void SendNow(PoolProtocol.MapProgressReport report)
    {
        client.Send(report);
        _window.Add(Measure(report));
        SendMarkerIfDue();
    }

    private void SendMarkerIfDue()
    {
        if (_window.TakeDueMarker() is { } marker)
            client.Send(new Identify(marker));
    }

    private static long Measure(PoolProtocol.MapProgressReport report) => Overhead + (report.Value?.Value.Length ?? 0);
}
