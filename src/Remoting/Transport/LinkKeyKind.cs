namespace Actors.Remoting.Transport;

/// <summary>Where a program's key comes from. The numbers travel.</summary>
internal enum LinkKeyKind : byte
{
    /// <summary>The program has no key.</summary>
    None = 0,

    /// <summary>The key was configured.</summary>
    Configured = 1,

    /// <summary>The key that the programs of one user share on the loopback address.</summary>
    User = 2,
}
