namespace Actors.Remoting.Transport;

/// <summary>The role of a program on its connections. The numbers are part of the protocol.</summary>
public enum LinkRole : byte
{
    /// <summary>A program that uses pools and managed objects.</summary>
    Client = 1,

    /// <summary>A worker node.</summary>
    Node = 2,

    /// <summary>A coordinator, or a program that serves a manager.</summary>
    Coordinator = 3,

    /// <summary>An operator's program that injects faults. Only coordinators with the operators' key accept it.</summary>
    Operator = 4,
}

/// <summary>The rules about roles.</summary>
public static class LinkRoles
{
    /// <summary>Whether two roles may connect: one of them must be a coordinator.</summary>
    public static bool MayConnect(LinkRole one, LinkRole other) => one == LinkRole.Coordinator || other == LinkRole.Coordinator;

    /// <summary>Whether one of two programs is an operator's.</summary>
    public static bool IncludesOperator(LinkRole one, LinkRole other) => one == LinkRole.Operator || other == LinkRole.Operator;

    /// <summary>Parses a role of a configuration or certificate; null for an unknown one.</summary>
    public static LinkRole? TryParse(string? text) => text switch
    {
        "client" => LinkRole.Client,
        "node" => LinkRole.Node,
        "coordinator" => LinkRole.Coordinator,
        "operator" => LinkRole.Operator,
        _ => null,
    };
}
