using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;
using Actors.Remoting.Access;
using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>Records which objects contain proxies of others.</summary>
public sealed partial class ObjectsActor
{
    /// <summary>The bytes that the record of a proxy in an object counts as.</summary>
    private const int ContainedSize = 64;

    private readonly Dictionary<ObjectId, ClientCharge> _contained = [];

    /// <summary>
    /// Records the proxies in an object. Each counts as memory of the program that put the first one there; above its limit they are
    /// dropped, so their objects may be removed.
    /// </summary>
    private void AddContained(ObjectId container, ObjectContain contain)
    {
        if (!_objects.ContainsKey(container))
            return;
        if (!_contained.TryGetValue(container, out var charge))
            _contained[container] = charge = ClientUsages.CreateCharge(Context.System, Sender, ClientResource.ObjectMemory);
        foreach (var id in contain.Objects)
        {
            if (_lifetimes.IsContained(container, id))
                continue;
            if (!charge.TryGrow(ContainedSize))
            {
                RefusedMessages.ReportCurrent(Context, contain.ToCall(container));
                return;
            }

            _lifetimes.AddContained(container, id, Now);
            if (!_objects.ContainsKey(id))
                HoldRemote(id, container);
        }
    }

    /// <summary>
    /// Reports the use of an object elsewhere. The process outside holds it for this whole process, whose objects end with it. Another
    /// coordinator holds it for the containing object.
    /// </summary>
    private void HoldRemote(ObjectId id, ObjectId container)
    {
        var hold = new ObjectHold().ToCall(id);
        if (_outer is not null)
            _outer.Tell(hold);
        else if (id.CoordinatorNumber != container.CoordinatorNumber && _objects.TryGetValue(container, out var holder))
            _entry.Tell(hold, holder.Actor);
    }
}
