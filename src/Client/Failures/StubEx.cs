namespace Actors;
/// <summary>s</summary>
public sealed class CoordinatorLostException(string m) : Exception(m);
/// <summary>s</summary>
public sealed class CoordinatorUnreachableException(string m) : Exception(m);
