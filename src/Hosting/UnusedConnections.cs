using Actors.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Actors.Hosting;

/// <summary>
/// Finds the connection string that was probably meant for a pool: a pool with a misspelled connection string would run on this machine.
/// </summary>
/// <param name="pools">The pools of the program.</param>
/// <param name="services">The services of the host.</param>
internal sealed class UnusedConnections(AddedPools pools, IServiceProvider services)
{
    /// <summary>Finds a connection string of coordinators whose name is similar to that of a pool, and is not that of another.</summary>
    /// <returns>The name of the connection string; null for none.</returns>
    public string? FindSimilar(string pool) => services.GetService<IConfiguration>()?.GetSection("ConnectionStrings").GetChildren()
        .FirstOrDefault(found => !pools.HasName(found.Key) && SimilarNames.AreSimilar(found.Key, pool) && NamesCoordinators(found.Value))
        ?.Key;

    private static bool NamesCoordinators(string? text)
    {
        try
        {
            _ = ConnectionTarget.Parse(text ?? "");
            return true;
        }
        catch (FormatException)
        {
            // Another kind of server.
            return false;
        }
    }
}
