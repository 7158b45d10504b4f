namespace Actors.Messages;

/// <summary>The roles whose programs may send a contract. Coordinators send and forward all contracts.</summary>
[Flags]
public enum PermittedSenders
{
    /// <summary>Coordinators only.</summary>
    Coordinator = 0,

    /// <summary>Clients.</summary>
    Client = 1,

    /// <summary>Worker nodes.</summary>
    Node = 2,

    /// <summary>Clients and worker nodes.</summary>
    Both = Client | Node,

    /// <summary>Operators. They inject faults.</summary>
    Operator = 4,

    /// <summary>Programs of every role.</summary>
    All = Both | Operator,
}
