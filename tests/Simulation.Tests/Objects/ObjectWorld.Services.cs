using Actors.Checkers;
using Actors.Coordinator.Objects.Kinds;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Simulation.Tests.Kernel;

namespace Actors.Simulation.Tests.Objects;

/// <content>Bytes, services, and the actions of a barrier.</content>
internal sealed partial class ObjectWorld
{
    private int _releases;
    private int _passes;

    public SimulatedObject Bytes { get; private set; } = null!;

    /// <summary>The calls on each number in the bytes.</summary>
    public IReadOnlyList<HistoryRecorder<ValueInput, ValueOutput>> CellValues { get; } =
        [.. Enumerable.Range(0, Cells).Select(_ => new HistoryRecorder<ValueInput, ValueOutput>())];

    /// <summary>The service that is in use. One whose host has ended is replaced.</summary>
    public CheckedService Service { get; private set; } = null!;

    /// <summary>Whether the last party of a round runs an action.</summary>
    public bool HasAction => Plan.Variant % 2 == 1;

    public void OnCellReply(int cell, long call, ObjectReply? reply)
    {
        if (reply is null)
            return;
        Require(reply.Status == ObjectStatus.Ok, Invariant.Linearizable, $"A call on existing bytes ended as {reply.Status}.");
        CellValues[cell].EndOperation(call, new ValueOutput(true, reply.Payloads is [var payload] ? Decode(payload) : null));
    }

    public void CheckOutside(ObjectReply? reply) => Require(
        reply is null or { Status: ObjectStatus.NotFound },
        Invariant.Linearizable, $"A call on bytes outside the array ended as {reply?.Status}.");

    public void OnRelease() => _releases++;

    public void CheckWrongRelease(ObjectReply? reply) => Require(
        reply is null or { Status: ObjectStatus.Broken }, Invariant.Barrier, $"The release of another round ended as {reply?.Status}.");

    /// <summary>A party has passed the barrier. The others of its round pass after the action.</summary>
    public void OnBarrierPassed(long party, long index, bool isActing)
    {
        Rounds.RecordPass(party, index);
        if (!isActing)
            _passes++;
        Require(
            !HasAction || _passes <= _releases * (Parties - 1),
            Invariant.Barrier, $"{_passes} parties passed after {_releases} actions.");
    }

    public void CheckSecondHost(CheckedService service, ObjectReply? reply) => Require(
        reply is null or { Status: ObjectStatus.Exists } || HasEnded(service),
        Invariant.Exclusive, $"A second program that wants to serve was answered with {reply?.Status}.");

    /// <summary>The service delivers a call to its host.</summary>
    /// <returns>The argument.</returns>
    public long OnServe(CheckedService service, ServedCallReply served)
    {
        var argument = Decode(served.Arguments);
        Require(service.AddServed(argument), Invariant.EndsOnce, $"The call {argument} of a service was served twice.");
        return argument;
    }

    /// <summary>A call of the service has ended. Its result is that of the host, and only the end of the host breaks it.</summary>
    public void CheckServed(CheckedService service, long argument, ObjectReply? reply)
    {
        switch (reply?.Status)
        {
            case ObjectStatus.Ok or ObjectStatus.Threw:
                Require(
                    service.HasServed(argument) && Decode(reply.Payloads[0]) == -argument
                        && (reply.Status == ObjectStatus.Threw) == CheckedService.Throws(argument),
                    Invariant.EndsOnce, $"The call {argument} of a service has the result of another one.");
                break;
            case null or ObjectStatus.TimedOut: break;
            default:
                Require(
                    HasEnded(service), Invariant.EndsOnce, $"The call {argument} ended as {reply.Status}, and the host lives.");
                break;
        }
    }

    /// <summary>A service whose host has ended is replaced.</summary>
    public void OnServiceReply(CheckedService service, ObjectReply? reply)
    {
        if (service == Service && reply is { Status: ObjectStatus.Broken or ObjectStatus.Exists })
            CreateService();
    }

    private bool HasEnded(CheckedService service) => service.Hosts.Any(host => _lost.Contains(host));

    private void CreateService() => Service = new CheckedService(Create(new ServiceState()));
}
