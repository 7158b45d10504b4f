using Microsoft.Extensions.DependencyInjection;

namespace Actors.Hosting;

/// <summary>The pools that a program has added. They are known when the host starts.</summary>
/// <param name="services">The services of the program.</param>
internal sealed class AddedPools(IServiceCollection services)
{
    /// <summary>Gets the names of the pools, in the order of their addition.</summary>
    public IReadOnlyList<string> Names =>
        [.. services.Where(service => service.ServiceType == typeof(HostedPool)).Select(service => (string)service.ServiceKey!)];

    /// <summary>Whether there is a pool of this name, in any case, as in configurations.</summary>
    public bool HasName(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the program has registered its own pool in place of a hosted one, such as one for tests.</summary>
    /// <param name="name">The name of the pool.</param>
    /// <param name="hosted">The service that opens the hosted pool.</param>
    public bool IsReplaced(string name, ServiceDescriptor hosted) =>
        services.Last(service => service.ServiceType == typeof(ProcessPool) && Equals(service.ServiceKey, name)) != hosted;
}
