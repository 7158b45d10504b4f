using Actors.Coordinator.Payloads;
using Actors.Messages;
using Actors.Messages.Payloads;
using Actors.Remoting;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Resources;

/// <summary>
/// Large payloads stay within the space of the store and of their client, are removed with their pool, worker or stalled upload, and only
/// their owner or uploader changes them.
/// </summary>
internal sealed class CheckedPayloads(SimulatedWorld world) : CheckedState(world)
{
    private const int Clients = 2;
    private const int Executors = 2;
    private const int Lengths = 4;
    private static readonly PayloadLimits Limits = new(Space: 12, ClientSpace: 8, ClientUploads: 2);

    private readonly PayloadState _state = new(Limits);
    private readonly Dictionary<PayloadId, CheckedPayload> _payloads = [];
    private int _lastId;

    public override void CallState(int argument)
    {
        RemoveTimedOut();
        var choice = argument / 10;
        switch (argument % 10)
        {
            case 0 or 1 or 2 or 3: Offer(choice); break;
            case 4 or 5: Receive(choice, isComplete: argument % 10 == 4); break;
            case 6 or 7: Complete(choice); break;
            case 8: Remove(choice); break;
            case 9 when choice % 4 == 0: RemovePool(choice / 4 % Clients); break;
            default: Retain(choice); break;
        }

        CompareAll();
    }

    public override void LosePart(StepKind kind, int argument)
    {
        RemoveTimedOut();
        if (kind == StepKind.CrashClient && argument % 3 == 0)
            RemovePool(argument / 3 % Clients);
        if (kind == StepKind.CrashNode)
            RemoveExecutor(argument % Clients, argument / Clients % Executors);
        CompareAll();
    }

    public override void CheckEnd()
    {
        for (var client = 0; client < Clients; client++)
            RemovePool(client);
        Require(_state is { Count: 0, Used: 0, HasUploads: false }, Invariant.Space, $"No pool exists, and {_state.Used} bytes are used.");
        // The whole space is free again, for the client too.
        for (var i = 0; i < 2; i++)
            Offer((Lengths - 1) * Clients * 4);
        Require(_state.Used == Limits.ClientSpace, Invariant.Space, $"Only {_state.Used} bytes are free for a client.");
    }

    private void Offer(int choice)
    {
        var (client, executor) = (choice % Clients, choice / Clients % 4);
        var length = 1 + choice / Clients / 4 % Lengths;
        var id = choice % 11 == 10 && _payloads.Count > 0 ? _payloads.Keys.First() : new PayloadId(new Guid(++_lastId, 0, 0, new byte[8]));
        var from = executor < Executors ? ExecutorOf(executor) : default;
        var uploader = executor < Executors ? NodeOf(executor) : ClientOf(client);
        var refusal = _state.AddPayload(new PayloadOwner(PoolOf(client), ClientOf(client)), new(id, length, from), uploader, Now);
        var own = _payloads.Values.Where(payload => payload.Client == client).ToList();
        var isAllowed = !_payloads.ContainsKey(id)
            && _payloads.Values.Sum(payload => payload.Length) + length <= Limits.Space
            && own.Sum(payload => payload.Length) + length <= Limits.ClientSpace
            && (executor < Executors || own.Count(payload => payload.IsClientUpload) < Limits.ClientUploads);
        Require(isAllowed == refusal is null, Invariant.Space, $"A payload of {length} bytes is allowed: {isAllowed}; refused: {refusal}");
        if (isAllowed)
            _payloads[id] = new CheckedPayload(client, executor < Executors ? executor : null, uploader, length) { ProgressAt = Now };
    }

    private void Receive(int choice, bool isComplete)
    {
        if (Find(choice) is not (var id, var payload))
            return;
        var received = isComplete ? payload.Length : choice / 7 % (payload.Length + 1);
        _state.SetReceived(id, received, Now);
        if (received <= payload.Received)
            return;
        (payload.Received, payload.ProgressAt) = (received, Now);
    }

    private void Complete(int choice)
    {
        if (Find(choice) is not (var id, var payload))
            return;
        var other = choice / 5 % Clients;
        var isAllowed = other == payload.Client && !payload.IsComplete && payload.Received == payload.Length;
        var refusal = _state.CompletePayload(PoolOf(other), id);
        Require(isAllowed == refusal is null, Invariant.Space, $"{payload} may be completed: {isAllowed}; refused: {refusal}");
        payload.IsComplete |= isAllowed;
    }

    private void Remove(int choice)
    {
        if (Find(choice) is not (var id, var payload))
            return;
        var (other, onlyResult) = (choice / 5 % Clients, choice / 10 % 2 == 0);
        var isAllowed = other == payload.Client && (!onlyResult || payload.Executor is not null);
        var isRemoved = onlyResult ? _state.RemoveResult(PoolOf(other), id) : _state.RemovePayload(PoolOf(other), id);
        Require(isRemoved == isAllowed, Invariant.Space, $"{payload} may be removed: {isAllowed}; is removed: {isRemoved}");
        if (isAllowed)
            _payloads.Remove(id);
    }

    /// <summary>The outcome of a job refers to the payload.</summary>
    private void Retain(int choice)
    {
        if (Find(choice) is not (var id, var payload))
            return;
        var other = choice / 5 % Clients;
        _state.RetainPayload(PoolOf(other), id);
        payload.IsRetained |= other == payload.Client;
    }

    private void RemovePool(int client) => RemoveAll(
        _state.RemovePool(PoolOf(client)), payload => payload.Client == client, "with its pool");

    private void RemoveExecutor(int client, int executor) => RemoveAll(
        _state.RemoveExecutor(PoolOf(client), ExecutorOf(executor)),
        payload => payload.Client == client && payload.Executor == executor && !payload.IsRetained, "with its worker");

    private void RemoveTimedOut() => RemoveAll(
        _state.RemoveTimedOut(Now), payload => !payload.IsComplete && Now - payload.ProgressAt >= PayloadLimits.UploadTimeout,
        "because its upload stalls");

    private void RemoveAll(IReadOnlyList<PayloadId> removed, Func<CheckedPayload, bool> condition, string reason)
    {
        var expected = _payloads.Where(payload => condition(payload.Value)).Select(payload => payload.Key).ToHashSet();
        Require(
            removed.Count == expected.Count && expected.SetEquals(removed),
            Invariant.Space, $"{removed.Count} payloads were removed {reason}, not {expected.Count}.");
        foreach (var id in expected)
            _payloads.Remove(id);
    }

    private void CompareAll()
    {
        Require(
            _state.Count == _payloads.Count && _state.Used == _payloads.Values.Sum(payload => payload.Length),
            Invariant.Space, $"{_state.Count} payloads use {_state.Used} bytes; the model has {_payloads.Count}.");
        var uploads = _payloads.Where(payload => !payload.Value.IsComplete).Select(payload => payload.Key).ToHashSet();
        Require(
            uploads.SetEquals(_state.Uploads) && _state.HasUploads == uploads.Count > 0,
            Invariant.Space, $"There are other uploads than {uploads.Count}.");
        foreach (var (id, payload) in _payloads)
        {
            for (var client = 0; client < Clients; client++)
                CheckAccess(id, payload, client);
        }
    }

    private void CheckAccess(PayloadId id, CheckedPayload payload, int client)
    {
        var isOwn = client == payload.Client;
        var owner = new PayloadOwner(PoolOf(client), ClientOf(client));
        Require(
            (_state.CheckDownload(PoolOf(client), id) is null) == (isOwn && payload.IsComplete),
            Invariant.Space, $"{payload} can be downloaded by client {client}, or not by its own.");
        Require(_state.MayChange(owner, id, ClientOf(client)) == isOwn, Invariant.Space, $"Client {client} may change {payload}.");
        for (var node = 0; node < Executors; node++)
        {
            Require(
                _state.MayChange(owner, id, NodeOf(node)) == (isOwn && payload.Executor == node),
                Invariant.Space, $"Node {node} may change {payload}, or not its own.");
        }
    }

    private (PayloadId Id, CheckedPayload Payload)? Find(int choice)
    {
        if (_payloads.Count == 0)
            return null;
        var (id, payload) = _payloads.ElementAt(choice % _payloads.Count);
        return (id, payload);
    }

    private static PoolId PoolOf(int client) => new(new Guid(client + 1, 1, 0, new byte[8]));

    private static HostPort ClientOf(int client) => new("client", client + 1);

    private static HostPort NodeOf(int executor) => new("node", executor + 1);

    private static ExecutorId ExecutorOf(int executor) => new(new Guid(executor + 1, 2, 0, new byte[8]));

    private sealed record CheckedPayload(int Client, int? Executor, HostPort Uploader, int Length)
    {
        public int Received { get; set; }

        public TimeSpan ProgressAt { get; set; }

        public bool IsComplete { get; set; }

        public bool IsRetained { get; set; }

        public bool IsClientUpload => Executor is null && !IsComplete;
    }
}
