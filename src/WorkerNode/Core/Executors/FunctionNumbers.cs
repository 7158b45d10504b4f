using Actors.Messages.Jobs;

namespace Actors.WorkerNode.Executors;

/// <summary>The numbers of the functions that an executor knows. Each definition is sent once.</summary>
public sealed class FunctionNumbers
{
    private readonly Dictionary<FunctionRef, int> _numbers = [];

    /// <summary>Gets the number of a function. It is new if the executor must receive the definition first.</summary>
    public int GetNumber(FunctionRef function, out bool isNew)
    {
        isNew = !_numbers.TryGetValue(function, out var number);
        if (isNew)
            _numbers[function] = number = _numbers.Count;
        return number;
    }
}
