using Actors.Remoting;

namespace Actors.Cli.Operating;

/// <summary>Thrown when no coordinator answers.</summary>
/// <param name="coordinators">The addresses.</param>
/// <param name="inner">The timeout.</param>
internal sealed class NoCoordinatorException(IReadOnlyList<HostPort> coordinators, TimeoutException inner) : TimeoutException(
    $"{inner.Message} Start one with: actors coordinator --port {coordinators[0].Port}. Or name another address with --connect.", inner);
