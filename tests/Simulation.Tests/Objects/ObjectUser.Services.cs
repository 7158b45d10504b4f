using Actors.Checkers;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Simulation.Tests.Objects;

/// <content>Bytes, and the service of one program that the others call.</content>
internal sealed partial class ObjectUser
{
    private const int CellSize = sizeof(long);

    /// <summary>Serves the calls that wait for a program that serves.</summary>
    public void StartServing() => TryCall(13, () => UseService(0));

    /// <summary>Stops to wait for calls of the service.</summary>
    public void EndServing()
    {
        if (IsConnected)
            _session.AbandonCalls(ObjectOperation.Serve);
    }

    private void CallBytes(int choice)
    {
        var cell = choice / 4 % ObjectWorld.Cells;
        switch (choice % 4)
        {
            case 0 or 1: ReadCell(cell); break;
            case 2: WriteCell(cell, choice / 16 % 5); break;
            default: CallOutside(choice / 4); break;
        }
    }

    private void ReadCell(int cell)
    {
        var call = _world.CellValues[cell].BeginOperation(Host.Number, new ValueInput(ValueAction.Read));
        Call(12, _world.Bytes, new BytesRead(cell * CellSize, CellSize), 0, reply => _world.OnCellReply(cell, call, reply));
    }

    private void WriteCell(int cell, long value)
    {
        var call = _world.CellValues[cell].BeginOperation(Host.Number, new ValueInput(ValueAction.Write, value));
        Call(12, _world.Bytes, new BytesWrite(cell * CellSize, ObjectWorld.Encode(value)), 0, reply =>
            _world.OnCellReply(cell, call, reply));
    }

    /// <summary>Reads or writes a range that is not in the array.</summary>
    private void CallOutside(int choice)
    {
        const int Length = ObjectWorld.Cells * CellSize;
        var (offset, count) = (choice % 4) switch
        {
            0 => (-1L, 1),
            1 => (Length - CellSize + 1L, CellSize),
            2 => (Length + 1L, 0),
            _ => (0L, -1),
        };
        if (choice / 4 % 2 == 0 || count < 0)
            Call(12, _world.Bytes, new BytesRead(offset, count), 0, _world.CheckOutside);
        else
            Call(12, _world.Bytes, new BytesWrite(offset, new byte[count]), 0, _world.CheckOutside);
    }

    /// <summary>The last program serves, and the others call it. Another one that wants to serve is refused.</summary>
    private void UseService(int choice)
    {
        var service = _world.Service;
        if (_number == ObjectWorld.Users - 1)
            Serve(service, new ServiceServe(0, HasThrown: false, null));
        else if (choice % 8 == 0 && service.IsServed)
            Call(13, service.Object, new ServiceServe(0, HasThrown: false, null), 0, reply => _world.CheckSecondHost(service, reply));
        else if (choice % 8 == 1)
            Call(13, service.Object, new ServiceAwait(), TimeoutOf(choice / 8), reply => _world.OnServiceReply(service, reply));
        else
            InvokeService(service, choice / 8);
    }

    private void InvokeService(CheckedService service, int choice)
    {
        var argument = service.NextArgument();
        var request = new ServiceInvoke(ObjectWorld.Encode(0), ObjectWorld.Encode(argument));
        Call(13, service.Object, request, TimeoutOf(choice), reply =>
        {
            _world.CheckServed(service, argument, reply);
            _world.OnServiceReply(service, reply);
        });
    }

    /// <summary>Waits for a call, and answers it with the next wait.</summary>
    private void Serve(CheckedService service, ServiceServe serve)
    {
        var session = _session;
        service.AddHost(session.Number);
        Call(13, service.Object, serve, 0, reply =>
        {
            if (reply is not { Status: ObjectStatus.Ok } || ServedCallReply.FromEnvelope(reply) is not { } served)
            {
                _world.OnServiceReply(service, reply);
                return;
            }

            _busy.Add(13);
            var argument = _world.OnServe(service, served);
            _world.Schedule(
                TimeSpan.FromMilliseconds(argument % 4), session, () => Serve(service, CheckedService.Answer(served.Call, argument)));
        });
    }
}
