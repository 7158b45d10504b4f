namespace Share;

/// <summary>A model with weights and a table of names.</summary>
internal sealed class Model(float[] weights, Dictionary<string, int> offsets)
{
    private const int Names = 10_000;

    public static Model Create(int mebibytes)
    {
        var weights = new float[mebibytes * (1 << 18)];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = i % 1000 / 1000f;
        return new Model(weights, Enumerable.Range(0, Names).ToDictionary(name => $"name {name}", name => name * 7));
    }

    /// <summary>Adds some weights.</summary>
    public double Score(int key)
    {
        var from = offsets[$"name {key % Names}"];
        double sum = 0;
        foreach (var weight in weights.AsSpan(from, 1000))
            sum += weight;
        return sum;
    }
}
