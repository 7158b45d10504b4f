using System.Globalization;
using Actors.Messages;

namespace Actors.Pools;

/// <summary>The name of a job in messages: its number, its function and, for a chunk of a map, its items.</summary>
/// <param name="Job">The job.</param>
/// <param name="Function">The name of the function; null for a job that another program submitted.</param>
/// <param name="First">The index of the chunk's first item.</param>
/// <param name="Items">The number of items of the chunk; 0 for a job that is not a chunk.</param>
internal readonly record struct CallName(JobId Job, string? Function, long First = 0, int Items = 0)
{
    /// <summary>Names one item of this chunk.</summary>
    public CallName ForItem(int index) => this with { First = First + index, Items = 1 };

    /// <inheritdoc/>
    public override string ToString()
    {
        var range = Items switch
        {
            0 => "",
            1 => string.Create(CultureInfo.InvariantCulture, $"item {First}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"items {First} to {First + Items - 1}"),
        };
        var details = string.Join(", ", new[] { Function ?? "", range }.Where(part => part.Length > 0));
        return details.Length == 0 ? $"Job {Job}" : $"Job {Job} ({details})";
    }
}
